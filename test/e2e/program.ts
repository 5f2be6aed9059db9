import { type ChildProcess, spawn } from "node:child_process";

/** A process that a test started. It is ended by its id, whatever becomes of the test. */
export interface Program {
  readonly pid: number;
  readonly printed: () => string;
  /**
   * Resolves with the match as soon as all that was printed on both streams matches.
   * Rejects where the program ends before that.
   */
  readonly said: (pattern: RegExp) => Promise<RegExpExecArray>;
  readonly signal: (name: NodeJS.Signals) => void;
  /** The exit code, or null where a signal ended it. */
  readonly ended: Promise<number | null>;
}

export interface ProgramOptions {
  readonly cwd?: string;
  /** All that it sees of the environment, beside PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>;
}

const running = new Set<ChildProcess>();
process.on("exit", endAll);

/** Ends what still runs; for `afterEach`. */
export function endAll(): void {
  for (const child of running) child.kill("SIGKILL");
}

export function start(
  command: string,
  args: readonly string[],
  { cwd, env = {} }: ProgramOptions = {},
): Program {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(command, args, {
    cwd,
    env: { PATH, HOME, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let text = "";
  const looks = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      for (const look of [...looks]) look();
    });
  }
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      running.delete(child);
      resolve(code);
    });
  });
  return {
    pid: child.pid ?? -1,
    printed: () => text,
    said: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(text);
          if (match === null) return;
          looks.delete(look);
          resolve(match);
        };
        looks.add(look);
        look();
        ended.then((code) => {
          looks.delete(look);
          reject(new Error(`${command} ended with ${code} before it said ${pattern}:\n${text}`));
        }, reject);
      }),
    signal: (name) => void child.kill(name),
    ended,
  };
}

/** Runs a program to its end. */
export async function run(
  command: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<{ readonly code: number | null; readonly printed: string }> {
  const program = start(command, args, options);
  const code = await program.ended;
  return { code, printed: program.printed() };
}
