import { adaptorsCommand } from "../commands/adaptors.ts";
import { checkJobsCommand } from "../commands/check-jobs.ts";
import type { Command } from "../io.ts";

export const commands: Readonly<Record<string, Command>> = {
  adaptors: adaptorsCommand,
  "check-jobs": checkJobsCommand,
};
