import { diff } from "../commands/diff.ts";
import { explain } from "../commands/explain.ts";
import { format } from "../commands/format.ts";
import type { Command } from "../io.ts";

export const commands: Readonly<Record<string, Command>> = { explain, diff, format };
