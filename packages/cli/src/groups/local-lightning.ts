import { dev } from "../commands/dev.ts";
import { run } from "../commands/run.ts";
import type { Command } from "../io.ts";

export const commands: Readonly<Record<string, Command>> = { dev, run };
