/** What a worker must never do. Source: protocol page, section 4.13, and the invariants of a worker. */
export const violationMeanings = {
  "executed-twice":
    "A run was started that had been started before, and not by the same event sent again.",
  "started-unclaimed": "A run was started that nobody had claimed.",
  "event-after-end": "An event came for a run that a worker had ended.",
  "ended-twice": "A run or step was ended a second time, and differently.",
  "ghost-transition": "A run that the janitor had called lost went on.",
  "out-of-order": "An event came before one that it needs.",
  "success-with-open-steps": "A run was called a success with steps that have no end.",
  "two-in-flight": "The next event was sent before the last was answered.",
  "over-capacity": "More runs were started at once than the worker, or the lane, has slots.",
} as const;

export type ViolationKind = keyof typeof violationMeanings;

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
