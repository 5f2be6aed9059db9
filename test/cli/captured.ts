import type { Io } from "../../packages/cli/src/io.ts";

/** What a command printed, and its exit code. */
export interface Captured {
  readonly out: string;
  readonly err: string;
  /** `undefined` where the command goes on, as one that listens does. */
  readonly code: number | undefined;
}

/** Runs a command in a folder, with all that it prints kept. */
export async function captured(
  command: (args: readonly string[], io: Io) => Promise<number | undefined>,
  args: readonly string[],
  { cwd = import.meta.dirname, stdin = "" } = {},
): Promise<Captured> {
  let out = "";
  let err = "";
  const io: Io = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    readStdin: async () => stdin,
    cwd,
    env: {},
    columns: undefined,
    color: false,
  };
  const code = await command(args, io);
  return { out, err, code };
}
