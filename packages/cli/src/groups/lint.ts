import { init } from "../commands/init.ts";
import { lintCommand } from "../commands/lint.ts";
import { migrateCommand } from "../commands/migrate.ts";
import { printConfig } from "../commands/print-config.ts";
import type { Command } from "../io.ts";

export const commands: Readonly<Record<string, Command>> = {
  lint: lintCommand,
  migrate: migrateCommand,
  init,
  "print-config": printConfig,
};
