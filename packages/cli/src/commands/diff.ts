import { parseArgs } from "node:util";
import { diff as diffTrees, isSame } from "@workloops/parser";
import type { Command, Io } from "../io.ts";
import { settingsFinder } from "../settings/read-settings.ts";
import { differenceText } from "../values/difference-text.ts";
import { readValue, treeOf } from "../values/read-value.ts";

const usage = `Usage: workloops diff A B [--format text|json]

Says what changes for each queue from one configuration to another. A and B are values,
@FILE for a .workloops file, or - for one on standard input.

Exit code: 0 both do the same, 1 they differ, 2 wrong use or a value with errors.
`;

export const diff: Command = async (args, io) => {
  const options = readOptions(args, io);
  if (typeof options === "number") return options;
  const before = await treeFor(options.before, io);
  const after = await treeFor(options.after, io);
  if (before === undefined || after === undefined) return 2;
  const { settings } = settingsFinder(io.cwd).settingsOf("value");
  const known = settings.queues === undefined ? {} : { queues: settings.queues };
  const difference = diffTrees(before, after, known);
  io.out(
    options.format === "json"
      ? `${JSON.stringify({ version: 1, ...difference }, null, 2)}\n`
      : differenceText(difference),
  );
  return isSame(difference) ? 0 : 1;
};

async function treeFor(argument: string, io: Io) {
  const value = await readValue(argument, io);
  if ("reason" in value) {
    io.err(`workloops diff: ${value.reason}.\n`);
    return undefined;
  }
  const read = treeOf(value);
  if ("tree" in read) return read.tree;
  io.err(`${read.frames}\n`);
  return undefined;
}

function readOptions(args: readonly string[], io: Io) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        format: { type: "string", default: "text" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help) {
      io.out(usage);
      return 0;
    }
    const { format } = values;
    const [before, after, ...others] = positionals;
    const isFormat = format === "text" || format === "json";
    if (before !== undefined && after !== undefined && others.length === 0 && isFormat) {
      return { before, after, format };
    }
    io.err(usage);
  } catch (error) {
    io.err(`workloops diff: ${(error as Error).message}\n\n${usage}`);
  }
  return 2;
}
