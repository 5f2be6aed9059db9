import type { JournalEntry } from "./effect.ts";
import type { JournalledRun } from "./event.ts";

/** What the entries of a journal, oldest first, say is held: runs that were claimed and have not ended. */
export function heldRuns(entries: Iterable<JournalEntry>): readonly JournalledRun[] {
  const runs = new Map<string, JournalledRun>();
  for (const entry of entries) {
    const held = runs.get(entry.run);
    if (entry.type === "claimed") {
      const { run: id, token, chain } = entry;
      runs.set(id, held ?? { id, token, chain, started: false, end: undefined });
    } else if (entry.type === "ended") runs.delete(entry.run);
    else if (held !== undefined && entry.type === "started") {
      runs.set(held.id, { ...held, started: true });
    } else if (held !== undefined && entry.type === "ending") {
      runs.set(held.id, { ...held, end: entry.end });
    }
  }
  return [...runs.values()];
}
