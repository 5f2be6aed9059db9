import type { JournalledRun } from "@workloops/worker/core";
import { type Frame, runEvent, runOfTopic } from "@workloops/worker/protocol";
import type { Holdings } from "./holdings.ts";
import type { Bench, Judge } from "./judge.ts";
import type { Slots } from "./slots.ts";
import { SURPLUS_CAPACITIES, type Surplus } from "./surplus.ts";

const CROWDED = "a worker left more runs than this lane can hold";

/** What may be said of a run that was given back. */
type Owed =
  | { readonly type: "end"; readonly reason: string; readonly errorType: string | null }
  | { readonly type: "crowded" }
  | { readonly type: "work" };

/**
 * Row 17: what a worker held that has died. A run that had begun ends as `crash` / WorkerDied, one
 * whose end may have reached the server ends the same way again, and one that had not begun is
 * executed, or ended with a reason where the lane has no room for it beside what it may be handed.
 */
export function judgeHeirs(
  { plan, accuse }: Bench,
  holdings: Holdings,
  slots: Slots,
  surplus: Surplus,
): Judge {
  const owed = new Map<string, Owed>();
  let isStarting = false;
  let isDraining = false;

  const giveBack = (runs: readonly JournalledRun[]): void => {
    const room = new Map<string, number>();
    for (const run of runs) {
      if (!isStarting && holdings.knows(run.id)) continue;
      owed.set(run.id, isStarting ? owedFor(run) : besideOthers(run, room));
    }
  };
  const besideOthers = (run: JournalledRun, room: Map<string, number>): Owed => {
    const what = owedFor(run);
    if (what.type !== "work") return what;
    const { chain } = run;
    const capacity = slots.capacities.get(chain) ?? 0;
    const left =
      room.get(chain) ??
      capacity * SURPLUS_CAPACITIES - surplus.count(chain) - slots.permitted(chain);
    room.set(chain, left - 1);
    return left > 0 ? what : { type: "crowded" };
  };
  const onSent = ({ topic, event, payload }: Frame): void => {
    const run = runOfTopic(topic) ?? "";
    const what = event === runEvent.runComplete ? owed.get(run) : undefined;
    if (what === undefined) return;
    const { reason, error_type, error_message } = payload as Readonly<Record<string, unknown>>;
    const isCrowded = String(error_message).includes(CROWDED);
    // Groups of one chain keep apart what they keep, and the wire does not tell whose it is.
    const isShared =
      plan.groups.filter(({ chain }) => chain === holdings.open.get(run)).length !== 1;
    if (what.type !== "end" && isCrowded !== (what.type === "crowded") && !isShared) {
      accuse(7, `${run} was given back, and ${isCrowded ? "there is" : "there is no"} room for it`);
    }
    if (what.type !== "end" || (reason === what.reason && error_type === what.errorType)) return;
    accuse(2, `${run} was given back and ends with ${reason} ${error_type}, not ${what.reason}`);
  };

  return {
    see: {
      "given-back": ({ runs }) => {
        if (!isDraining) giveBack(runs);
        isStarting = false;
      },
      execute: ({ run }) => {
        if (owed.get(run)?.type === "end") accuse(2, `${run} had begun, and is executed again`);
      },
      sent: ({ frame }) => onSent(frame),
      sigterm: () => {
        isDraining = true;
      },
      "process-started": () => {
        owed.clear();
        isStarting = true;
        isDraining = false;
      },
    },
  };
}

function owedFor({ started, end }: JournalledRun): Owed {
  if (end !== undefined) return { type: "end", reason: end.reason, errorType: end.errorType };
  return started ? { type: "end", reason: "crash", errorType: "WorkerDied" } : { type: "work" };
}
