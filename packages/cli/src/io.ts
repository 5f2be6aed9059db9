/** What a command may touch: its streams, folder and environment, given from outside so that tests see all of it. */
export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly readStdin: () => Promise<string>;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Width of the terminal behind `out`, or `undefined` where there is none. */
  readonly columns: number | undefined;
  readonly color: boolean;
}

/** A command of `workloops`: the arguments behind its name, and its exit code. */
export type Command = (args: readonly string[], io: Io) => Promise<number>;
