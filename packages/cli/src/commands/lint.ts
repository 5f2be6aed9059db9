import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { applyAll } from "@workloops/language-service";
import { fileWorkspace } from "../files/file-workspace.ts";
import { overlay } from "../files/overlay.ts";
import { editsOf, fixFiles } from "../fix-files.ts";
import type { Command, Io } from "../io.ts";
import { type LintInput, type LintOutcome, lint, lintText } from "../lint.ts";
import { type LintOptions, lintOptions, lintUsage } from "../lint-options.ts";
import type { Summary } from "../reports/report.ts";
import { reporters } from "../reports/reporters.ts";
import { settingsFinder } from "../settings/read-settings.ts";
import { unifiedDiff } from "../unified-diff.ts";
import { version } from "../version.ts";

/** `workloops lint`: 0 nothing found, 1 findings, 2 wrong use, 3 no path matched. */
export const lintCommand: Command = async (args, io) => {
  const options = lintOptions(args);
  if (options === "help") {
    io.out(lintUsage);
    return 0;
  }
  if ("wrong" in options) {
    io.err(`workloops lint: ${options.wrong}\n\n${lintUsage}`);
    return 2;
  }
  const settings = settingsFinder(io.cwd);
  const files = overlay(io.cwd);
  const input: LintInput = {
    paths: options.paths,
    cwd: io.cwd,
    files,
    workspace: fileWorkspace(io.cwd, files),
    settingsOf: (path) => settings.settingsOf(path).settings,
  };
  const outcome = await run(options, input, io);
  const faults = settings.faults();
  for (const { path, reasons } of faults) io.err(`${path}: ${reasons.join("; ")}.\n`);
  if (faults.length > 0) return 2;
  if (!outcome.matched) {
    io.err(`workloops lint: there is no file or folder at ${options.paths.join(", ")}.\n`);
    return 3;
  }
  if (!report(options, outcome, io)) return 2;
  return fails(outcome.report.summary, options) ? 1 : 0;
};

async function run(options: LintOptions, input: LintInput, io: Io): Promise<LintOutcome> {
  if (options.stdin !== undefined) return onStdin(options.stdin, options, input, io);
  if (options.fix === "none") return lint(input);
  const outcome = await fixFiles(input, options.fix);
  for (const { path, before, after } of input.files.changed()) {
    if (options.diff) io.out(unifiedDiff(path, before, after));
    else writeFileSync(resolve(io.cwd, path), after);
  }
  return outcome;
}

/** With fixes, the mended text is the output, and the report goes to standard error. */
async function onStdin(name: string, options: LintOptions, input: LintInput, io: Io) {
  const text = await io.readStdin();
  const outcome = await lintText(name, text, input);
  if (options.fix === "none") return outcome;
  const found = outcome.report.files.flatMap(({ findings }) => findings);
  const mended = applyAll(text, editsOf(found, options.fix).get(name) ?? []);
  io.out(options.diff ? unifiedDiff(name, text, mended) : mended);
  return lintText(name, mended, input);
}

/** Writes every report to its place; false where a file cannot be written. */
function report(options: LintOptions, { report: found }: LintOutcome, io: Io): boolean {
  const taken = options.stdin !== undefined && options.fix !== "none";
  for (const { format, file } of options.reports) {
    const text =
      reporters[format]?.(found, { color: io.color && file === undefined, version }) ?? "";
    if (file === undefined) {
      if (taken) io.err(text);
      else io.out(text);
      continue;
    }
    try {
      writeFileSync(resolve(io.cwd, file), text);
    } catch (error) {
      io.err(
        `workloops lint: ${file} cannot be written (${(error as NodeJS.ErrnoException).code}).\n`,
      );
      return false;
    }
  }
  return true;
}

function fails(
  { errors, warnings, hints }: Summary,
  { failOn, maxWarnings }: LintOptions,
): boolean {
  if (errors > 0 || (failOn === "hint" && hints > 0)) return true;
  if (maxWarnings !== undefined) return warnings > maxWarnings;
  return failOn !== "error" && warnings > 0;
}
