import { lintCommand } from "../commands/lint.ts";
import type { Command } from "../io.ts";

export const commands: Readonly<Record<string, Command>> = { lint: lintCommand };
