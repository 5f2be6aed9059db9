/** Bounds of one configuration. A text beyond one of them is answered with the error `too-large`, a capacity or a name with its own error. */
export interface Limits {
  /** UTF-16 units of text. A value is written by hand into an environment variable; Linux refuses one string of more than 128 KiB there. */
  readonly textUnits: number;
  /** Groups. Each is a claim loop of its own against the server; a worker holds tens of runs, not thousands. */
  readonly groups: number;
  /** Queues in one chain. The server knows three names; the list is sent with every claim. */
  readonly queuesInChain: number;
  /** UTF-16 units of one queue name. The name is a label of metrics and a column of a table. */
  readonly nameUnits: number;
  /** Runs that one group may hold. Each run is a child process of the worker. */
  readonly capacityRuns: number;
}

export const defaultLimits: Limits = {
  textUnits: 64 * 1024,
  groups: 1_000,
  queuesInChain: 100,
  nameUnits: 64,
  capacityRuns: 10_000,
};

/** No bounds on size, for measuring how time grows with the text. Names and capacities keep theirs. */
export const liftedLimits: Limits = {
  ...defaultLimits,
  textUnits: Number.POSITIVE_INFINITY,
  groups: Number.POSITIVE_INFINITY,
  queuesInChain: Number.POSITIVE_INFINITY,
};
