import type { JournalEntry } from "./effect.ts";
import type { JournalledRun } from "./event.ts";

/** What the entries of a journal, oldest first, say is held: runs that were claimed and have not ended. */
export function heldRuns(entries: Iterable<JournalEntry>): readonly JournalledRun[] {
  const runs = new Map<string, JournalledRun>();
  for (const entry of entries) {
    const held = runs.get(entry.run);
    if (entry.type === "claimed") {
      const { run: id, token, chain } = entry;
      runs.set(id, { id, token, chain, started: false, end: undefined });
    } else if (entry.type === "ended") runs.delete(entry.run);
    // The line that says of it that it was claimed may be lost: bytes of the file have changed.
    else if (held === undefined) continue;
    else if (entry.type === "started") runs.set(held.id, { ...held, started: true });
    else runs.set(held.id, { ...held, end: entry.end });
  }
  return [...runs.values()];
}
