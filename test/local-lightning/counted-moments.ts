import type { Moment } from "@workloops/local-lightning/run-ledger";

/** A clock that goes on by a millisecond each time it is asked, and ids that count up. */
export function countedMoments(): () => Moment {
  let events = 0;
  let ids = 0;
  const newId = (): string => {
    ids += 1;
    return `00000000-0000-4000-8000-${String(ids).padStart(12, "0")}`;
  };
  return () => {
    events += 1;
    return { now: 1_790_000_000_000_000 + events * 1_000, newId };
  };
}
