import type { JournalEntry } from "@workloops/worker/core";
import type { Scenario } from "./scenario.ts";

/** Whether a journal outlives the process that wrote it. */
export function isKept(journal: Scenario["journal"]): boolean {
  return journal === "kept" || journal === "slow";
}

/** What outlives the processes of a world: the journal's entries. */
export interface Disk {
  readonly entries: JournalEntry[];
  isFull: boolean;
}
