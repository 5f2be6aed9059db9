import { heldRuns, type JournalEntry, type JournalledRun } from "@workloops/worker/core";
import type { Scenario } from "./scenario.ts";

/** Whether a journal outlives the process that wrote it. */
export function isKept(journal: Scenario["journal"]): boolean {
  return journal === "kept" || journal === "slow";
}

/**
 * The entries that can still be read. Bytes have changed: of runs that have ended, most lines that
 * say that they were claimed are gone, and nothing may come of it.
 */
function readable(entries: readonly JournalEntry[]): readonly JournalEntry[] {
  const ended = new Set(entries.filter(({ type }) => type === "ended").map(({ run }) => run));
  return entries.filter(
    ({ type, run }) => type !== "claimed" || !ended.has(run) || run.endsWith("0"),
  );
}

/** What a process that starts now is given of those before it. */
export function recoveredFrom(
  { entries }: Disk,
  journal: Scenario["journal"],
): readonly JournalledRun[] {
  return isKept(journal) ? heldRuns(readable(entries)) : [];
}

/** What outlives the processes of a world: the journal's entries. */
export interface Disk {
  readonly entries: JournalEntry[];
  isFull: boolean;
}
