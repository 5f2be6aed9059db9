export { type CommandEntry, commandTable } from "./command-table.ts";
export type { Command, Io } from "./io.ts";
export { type Load, main } from "./main.ts";
