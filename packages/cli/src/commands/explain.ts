import { parseArgs } from "node:util";
import { hostPageOf, hostRules } from "@workloops/language-service";
import { check, explain as explainTree, pageOf, processDefaults, rules } from "@workloops/parser";
import type { Command, Io } from "../io.ts";
import { nearestName } from "../nearest-name.ts";
import { settingsFinder } from "../settings/read-settings.ts";
import { explanationText } from "../values/explanation-text.ts";
import { framed, readValue, treeOf } from "../values/read-value.ts";

const usage = `Usage: workloops explain VALUE [--format text|json] [--run-memory MB]
       workloops explain CODE

Says what a configuration does: which runs it takes, what each queue gets, what the worker
sends; or what a rule is about.

  VALUE          a configuration, @FILE for a .workloops file, or - for one on standard input
  CODE           the code of a rule, such as capacity-missing
  --format       text (default) or json
  --run-memory   MiB that one run may take; default ${processDefaults.runMemory / 1024 / 1024}

Exit code: 0 explained, 1 the value has errors, 2 wrong use.
`;

export const explain: Command = async (args, io) => {
  const options = readOptions(args, io);
  if (typeof options === "number") return options;
  const page = await pageFor(options.argument);
  if (page !== undefined) {
    io.out(page);
    return 0;
  }
  const value = await readValue(options.argument, io);
  if ("reason" in value) return refuse(io, value.reason);
  const read = treeOf(value);
  if ("frames" in read) {
    const code = nearestName(options.argument, codes());
    if (code !== undefined) return refuse(io, `there is no rule ${options.argument}; try ${code}`);
    io.err(`${read.frames}\n`);
    return 1;
  }
  const { settings } = settingsFinder(io.cwd).settingsOf("value");
  const known = settings.queues === undefined ? {} : { queues: settings.queues };
  const explained = explainTree(read.tree, known);
  const diagnostics = [...read.diagnostics, ...check(read.tree, known)];
  if (options.format === "json") {
    io.out(`${JSON.stringify({ version: 1, ...explained, diagnostics }, null, 2)}\n`);
    return 0;
  }
  io.out(explanationText(explained, options.runMemory));
  for (const problem of diagnostics) io.out(`\n${framed(value, problem)}\n`);
  return 0;
};

const codes = () => [...rules, ...hostRules].map(({ code }) => code);

/** The page of a rule, for the code of one. */
async function pageFor(argument: string): Promise<string | undefined> {
  const own = rules.find(({ code }) => code === argument);
  return own === undefined ? hostPageOf(argument) : pageOf(own.code);
}

interface Options {
  readonly argument: string;
  readonly format: string;
  /** Bytes. */
  readonly runMemory: number;
}

function readOptions(args: readonly string[], io: Io): Options | number {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        format: { type: "string", default: "text" },
        "run-memory": { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help) {
      io.out(usage);
      return 0;
    }
    const mebibytes = values["run-memory"];
    if (mebibytes !== undefined && !/^[1-9][0-9]{0,6}$/.test(mebibytes)) {
      return refuse(io, `--run-memory: ${mebibytes} is no whole number of MiB`);
    }
    const { format } = values;
    if (format !== "text" && format !== "json") {
      return refuse(io, `--format: ${format} is neither text nor json`);
    }
    if (positionals.length === 0) {
      io.err(usage);
      return 2;
    }
    const runMemory =
      mebibytes === undefined ? processDefaults.runMemory : Number(mebibytes) * 1024 * 1024;
    // A shell splits a value that is not quoted; its groups are put together again.
    return { argument: positionals.join(" "), format, runMemory };
  } catch (error) {
    return refuse(io, (error as Error).message);
  }
}

function refuse(io: Io, reason: string): number {
  io.err(`workloops explain: ${reason}.\n`);
  return 2;
}
