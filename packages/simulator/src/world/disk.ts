import type { JournalEntry } from "@workloops/worker/core";

/** What outlives the processes of a world: the journal's entries. */
export interface Disk {
  readonly entries: JournalEntry[];
  isFull: boolean;
}
