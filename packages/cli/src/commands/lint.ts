import { parseArgs } from "node:util";
import { fileWorkspace } from "../files/file-workspace.ts";
import type { Command, Io } from "../io.ts";
import { lint } from "../lint.ts";
import { json } from "../reports/json.ts";
import { pretty } from "../reports/pretty.ts";
import type { Reporter } from "../reports/report.ts";

const usage = `Usage: workloops lint PATH… [--format pretty|json]

Checks the workloops values in files and folders.

Exit code: 0 nothing found, 1 findings, 2 wrong use, 3 no file at the paths.
`;

const reporters: Readonly<Record<string, Reporter>> = { pretty, json };

export const lintCommand: Command = async (args, io) => {
  const options = read(args, io);
  if (typeof options === "number") return options;
  const workspace = fileWorkspace(io.cwd);
  const input = { paths: options.paths, cwd: io.cwd, workspace, settingsOf: () => ({}) };
  const { report, matched } = await lint(input);
  if (!matched) {
    io.err(`workloops lint: there is no file at ${options.paths.join(", ")}.\n`);
    return 3;
  }
  io.out(options.reporter(report, { color: io.color, version: "" }));
  return report.summary.errors + report.summary.warnings > 0 ? 1 : 0;
};

function read(args: readonly string[], io: Io) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { format: { type: "string", default: "pretty" }, help: { type: "boolean" } },
    });
    if (values.help) {
      io.out(usage);
      return 0;
    }
    const reporter = reporters[values.format];
    if (reporter !== undefined && positionals.length > 0) return { reporter, paths: positionals };
    io.err(usage);
  } catch (error) {
    io.err(`workloops lint: ${(error as Error).message}\n`);
  }
  return 2;
}
