import type { JournalEntry, JournalledRun } from "@workloops/worker/core";

/** What outlives the processes of a world: the journal's entries. */
export interface Disk {
  readonly entries: JournalEntry[];
  isFull: boolean;
}

/** What the next process finds: runs that were claimed and have not ended. */
export function readDisk({ entries }: Disk): readonly JournalledRun[] {
  const runs = new Map<string, JournalledRun>();
  for (const entry of entries) {
    if (entry.type === "claimed") {
      const { run, token, chain } = entry;
      runs.set(run, { id: run, token, chain, started: runs.get(run)?.started ?? false });
    } else if (entry.type === "started") {
      const held = runs.get(entry.run);
      if (held !== undefined) runs.set(entry.run, { ...held, started: true });
    } else if (entry.type === "ended") runs.delete(entry.run);
  }
  return [...runs.values()];
}
