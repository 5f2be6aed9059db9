import type { RunRecord } from "@workloops/local-lightning/run-ledger";
import type { RowNumber } from "../world/matrix.ts";
import type { Holdings } from "./holdings.ts";
import type { Bench, Judge } from "./judge.ts";
import type { Slots } from "./slots.ts";

/** What a run asks for goes unanswered also where its connection or its channel goes again and again. */
const connection: readonly RowNumber[] = [6, 7, 8, 9, 10];

/** The rows of the matrix that may make a worker end a run with this type instead of executing it. */
const causes: Readonly<Record<string, readonly RowNumber[]>> = {
  PlanError: [11, ...connection],
  DataClipError: [12, ...connection],
  CredentialLoadError: [12, ...connection],
  InvalidToken: [16],
};

/** A lane holds as many runs as its capacity, and twice that beyond it. */
const HELD_CAPACITIES = 3;

/**
 * No run is refused without a cause: a run that was not executed carries the reason of a fault
 * that struck it, of a worker that stopped, or of a lane that was full.
 */
export function judgeCauses(bench: Bench, holdings: Holdings, slots: Slots): Judge {
  const { ledger, plan, scenario, accuse } = bench;
  const struck = new Map<string, Set<RowNumber>>();
  const executed = new Set<string>();
  /** Held by a process that was told to end, or that ended. */
  const stopped = new Set<string>();
  const crowded = new Set<string>();
  let isDraining = false;
  // A clock that is wrong makes good tokens bad, as far as the worker can tell.
  const clockMayBeWrong = scenario.rows.includes(25) || scenario.failAt?.port === "clock";

  const judge = (run: RunRecord): void => {
    if (executed.has(run.id) || run.ends.at(-1)?.workerId == null) return;
    const type = run.errorType ?? "";
    const rows = causes[type];
    if (rows !== undefined) {
      const isStruck = rows.some(
        (row) =>
          struck.get(run.id)?.has(row) || (connection.includes(row) && scenario.rows.includes(row)),
      );
      if (isStruck || (type === "InvalidToken" && clockMayBeWrong)) return;
    } else if (type === "WorkerStopped" && (stopped.has(run.id) || crowded.has(run.id))) return;
    else if (type === "WorkerDied" && stopped.has(run.id)) return;
    accuse(2, `${run.id} was not executed, for ${type || "no reason"}, and no fault calls for it`);
  };

  const onClaimed = (run: string, chain: string): void => {
    if (isDraining) stopped.add(run);
    const capacity = plan.join.queues[chain] ?? 0;
    // The groups of one chain fill up one by one.
    const isShared = plan.groups.filter((group) => group.chain === chain).length > 1;
    const limit = isShared ? 1 : capacity * HELD_CAPACITIES;
    // What an open claim may bring has its slots already.
    if (holdings.count(chain) + slots.permitted(chain) > limit) crowded.add(run);
  };
  const stopAll = (): void => {
    for (const id of holdings.open.keys()) stopped.add(id);
  };

  return {
    see: {
      fault: ({ row, detail }) => {
        for (const [id] of detail.matchAll(/1[0-9a-f]{7}-0000-4000-8000-[0-9a-f]{12}/g)) {
          struck.set(id, (struck.get(id) ?? new Set()).add(row));
        }
      },
      execute: ({ run }) => {
        executed.add(run);
      },
      journal: ({ entry }) => {
        if (entry.type === "claimed") onClaimed(entry.run, entry.chain);
      },
      sigterm: () => {
        isDraining = true;
        stopAll();
      },
      "process-killed": stopAll,
      "process-stopped": stopAll,
      "process-started": () => {
        isDraining = false;
      },
    },
    atEnd: () => {
      for (const run of ledger.runs.values()) judge(run);
    },
  };
}
