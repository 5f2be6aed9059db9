import { relative } from "node:path";
import { knownQueues } from "@workloops/parser";
import type { Command } from "../io.ts";
import { settingsFinder } from "../settings/read-settings.ts";

const usage = `Usage: workloops print-config FILE

Shows the settings that apply to a file, and where they come from, as JSON.
`;

export const printConfig: Command = async (args, io) => {
  const [file, ...more] = args;
  if (file === undefined || file.startsWith("-") || more.length > 0) {
    const asked = file === "--help" || file === "-h";
    (asked ? io.out : io.err)(usage);
    return asked ? 0 : 2;
  }
  const finder = settingsFinder(io.cwd);
  const { settings, from } = finder.settingsOf(file);
  for (const { path, reasons } of finder.faults()) io.err(`${path}: ${reasons.join("; ")}.\n`);
  if (finder.faults().length > 0) return 2;
  const shown = {
    from: from === undefined ? null : relative(io.cwd, from),
    settings,
    knownQueues: knownQueues(settings),
  };
  io.out(`${JSON.stringify(shown, null, 2)}\n`);
  return 0;
};
