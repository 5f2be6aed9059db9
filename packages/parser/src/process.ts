/** What is known of one thing that a process is given. */
export type Given<T> =
  | { readonly state: "known"; readonly value: T }
  /** It is given, but its value cannot be read from here, as with `${CAPACITY}`. */
  | { readonly state: "unknown" }
  /** It is not given at all. An empty string is given. */
  | { readonly state: "absent" };

/** What one worker process is given, by flags, variables and its surroundings. */
export interface ProcessGiven {
  /** The text of the configuration. */
  readonly workloops: Given<string>;
  /** Runs at once, where there is no configuration. */
  readonly capacity: Given<number>;
  /** Bytes that one run may take. Absent: the worker's default. */
  readonly runMemory: Given<number>;
  /** Bytes that the whole container may take. Absent: no limit. */
  readonly memoryLimit: Given<number>;
  /** Seconds that one run may take. Absent: the worker's default. */
  readonly runDuration: Given<number>;
  /** Seconds from the request to stop until the process is killed. Absent: nobody kills it. */
  readonly stopGrace: Given<number>;
  /** Seconds that the worker finishes its runs for after the request to stop. Absent: a run's duration and 10 seconds. */
  readonly drainTimeout?: Given<number>;
}

export interface ProcessSettings {
  /** Bytes of the worker's main process and its spare children. */
  readonly overhead?: number;
  /** How many times the limit may be promised; 1 is never more than there is. */
  readonly overcommit?: number;
}

export type ProcessSubject = keyof ProcessGiven;

const mebibyte = 1024 * 1024;

/** What the worker takes where it is given nothing else. */
export const processDefaults = {
  capacity: 5,
  runMemory: 500 * mebibyte,
  overhead: 300 * mebibyte,
  overcommit: 1,
  runDuration: 300,
  drainMargin: 10,
} as const;
