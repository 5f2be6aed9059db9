/** A process that was started. It is ended by its id, whatever becomes of who started it. */
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
  /** The user, and group, that it runs as; to say another takes root. */
  readonly uid?: number;
}

/** Ends what still runs; for `afterEach`. */
export function endAll(): void;

export function start(command: string, args: readonly string[], options?: ProgramOptions): Program;

/** Runs a program to its end. */
export function run(
  command: string,
  args: readonly string[],
  options?: ProgramOptions,
): Promise<{ readonly code: number | null; readonly printed: string }>;
