import { type CommandEntry, commandTable } from "./command-table.ts";
import type { Command, Io } from "./io.ts";
import { nearestName } from "./nearest-name.ts";
import { version } from "./version.ts";

export { bundleScript, runBundle } from "./bundle-script.ts";
export { nodeIo } from "./node-io.ts";

/** Brings a bundle of commands. */
export type Load = (bundle: string) =>
  | Promise<{ readonly commands: Readonly<Record<string, Command>> }>
  | {
      readonly commands: Readonly<Record<string, Command>>;
    };

/** Wrong use of the command line. */
export const wrongUse = 2;

/**
 * Runs one command. Its exit code, or undefined where the command has only been started and
 * ends the process itself.
 */
export async function main(
  args: readonly string[],
  io: Io,
  load: Load,
): Promise<number | undefined> {
  const [name, ...rest] = args[0] === "--" ? args.slice(1) : args;
  if (name === undefined) {
    io.err(help());
    return wrongUse;
  }
  if (name === "--help" || name === "-h" || (name === "help" && rest.length === 0)) {
    io.out(help());
    return 0;
  }
  if (name === "--version" || name === "-v") {
    io.out(`${version}\n`);
    return 0;
  }
  if (name === "help") return main([...rest, "--help"], io, load);
  const entry = commandTable.find((candidate) => candidate.name === name);
  if (entry === undefined) return unknown(name, io);
  return run(entry, rest, io, load);
}

async function run(entry: CommandEntry, args: readonly string[], io: Io, load: Load) {
  const { commands } = await load(entry.bundle);
  if (entry.runs) return undefined;
  const command = commands[entry.name];
  if (command === undefined) throw new Error(`${entry.bundle} holds no command ${entry.name}.`);
  return command(args, io);
}

function unknown(name: string, io: Io): number {
  const names = commandTable.map((entry) => entry.name);
  const near = nearestName(name, names);
  const hint =
    near === undefined ? "`workloops --help` lists the commands." : `Did you mean \`${near}\`?`;
  io.err(`workloops: there is no command ${JSON.stringify(name)}. ${hint}\n`);
  return wrongUse;
}

function help(): string {
  const width = Math.max(...commandTable.map(({ name }) => name.length));
  const rows = commandTable.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    "Usage: workloops COMMAND [ARGUMENT…]",
    "",
    ...rows,
    "",
    "workloops COMMAND --help shows the options of a command.",
    "",
  ].join("\n");
}
