/** What a worker must never do. Source: protocol page 4.13 and the invariants of docs/reliability.md. */
export type ViolationKind =
  /** `run:start` for a run that was started before, other than the same event resent. */
  | "executed-twice"
  /** `run:start` for a run that nobody had claimed. */
  | "started-unclaimed"
  /** An event for a run that a worker had ended. */
  | "event-after-end"
  /** A second, different end. */
  | "ended-twice"
  /** A run that the janitor had called lost went on. */
  | "ghost-transition"
  /** An event that needed one before it which had not come. */
  | "out-of-order"
  /** A success although a step of it is still open. */
  | "success-with-open-steps"
  /** The next event was sent before the answer to the last. */
  | "two-in-flight"
  /** More runs started at once than the slots that the worker joined with. */
  | "over-capacity";

export interface Violation {
  readonly kind: ViolationKind;
  readonly runId: string;
  readonly event: string;
  readonly workerId: string;
  /** Microseconds since the epoch. */
  readonly at: number;
  readonly detail: string;
}

/** The first `kept` violations and the number of all. */
export interface ViolationLog {
  readonly first: Violation[];
  total: number;
}

/** The first thousand tell what is wrong; a worker that does wrong at every event must not fill the memory. */
const violationsKept = 1_000;

export function createViolationLog(): ViolationLog {
  return { first: [], total: 0 };
}

export function recordViolation(log: ViolationLog, violation: Violation): void {
  log.total += 1;
  if (log.first.length < violationsKept) log.first.push(violation);
}
