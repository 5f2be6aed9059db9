import type { JournalEntry } from "@workloops/worker/core";
import type { Bench, Judge } from "./judge.ts";

/** How often a worker asks for what does not come. */
const MAX_ASKED = 3;

/**
 * How often one process writes each entry of a run. A run whose input can be fetched once is
 * written down as started before that, and again before it executes.
 */
const MOST_ENTRIES: Readonly<Record<JournalEntry["type"], number>> = {
  claimed: 1,
  started: 2,
  ending: 1,
  ended: 1,
};

/**
 * Invariant 7: one alarm, one socket, few questions and few entries in the journal, whatever the
 * server and the jobs do. `alarms` counts those that are set at the clock's port. What a worker
 * keeps for itself alone, the runs that have ended and the claims that were not answered, shows
 * nowhere in a world; tests of the core hold their bounds.
 */
export function judgeBounds({ accuse, ledger }: Bench, alarms: () => number): Judge {
  const sockets = new Set<number>();
  const asked = new Map<string, number>();
  /** How often each entry of a run was written since the run was handed out. */
  const written = new Map<string, Map<JournalEntry["type"], number>>();
  const entriesOf = (run: string, type: JournalEntry["type"]) => {
    const entries = written.get(run);
    // One that was given up without a report is not known any more, and may be handed out again.
    if (entries !== undefined && !(type === "claimed" && entries.has("ended"))) return entries;
    const none = new Map<JournalEntry["type"], number>();
    written.set(run, none);
    return none;
  };
  const onEntry = ({ type, run }: JournalEntry): void => {
    const entries = entriesOf(run, type);
    const count = (entries.get(type) ?? 0) + 1;
    entries.set(type, count);
    if (count > MOST_ENTRIES[type]) accuse(7, `the journal is told ${count} times: ${type} ${run}`);
    if (type === "ended") onEnded(run);
  };
  const onEnded = (run: string): void => {
    const message = ledger.runs.get(run)?.errorMessage ?? "";
    for (const [, id] of message.matchAll(/credential (\S+): Lightning did not answer/g)) {
      if ((asked.get(`run:${run} fetch:credential ${id}`) ?? MAX_ASKED) < MAX_ASKED) {
        accuse(2, `${run} gives its credential ${id} up too soon`);
      }
    }
  };
  return {
    see: {
      "process-started": () => {
        sockets.clear();
        asked.clear();
        written.clear();
      },
      sent: ({ frame: { topic, event, payload } }) => {
        if (!event.startsWith("fetch:")) return;
        const key = `${topic} ${event} ${(payload as { id?: string }).id ?? ""}`;
        asked.set(key, (asked.get(key) ?? 0) + 1);
        if ((asked.get(key) ?? 0) > MAX_ASKED) accuse(7, `asks for ${key} once more`);
      },
      opening: ({ socket }) => {
        sockets.add(socket);
        if (sockets.size > 1) accuse(7, `socket ${socket} is opened beside another`);
      },
      closing: ({ socket }) => {
        sockets.delete(socket);
      },
      closed: ({ socket }) => {
        sockets.delete(socket);
      },
      "process-stopped": () => {
        if (sockets.size > 0) accuse(7, "the worker stops and leaves its socket open");
      },
      journal: ({ entry }) => onEntry(entry),
    },
    afterStep: () => {
      if (alarms() > 1) accuse(7, `${alarms()} alarms are set`);
    },
  };
}
