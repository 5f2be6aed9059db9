import { phoenix, QUEUE_TOPIC } from "@workloops/worker/protocol";
import type { RowNumber } from "../world/matrix.ts";
import type { Holdings } from "./holdings.ts";
import type { Bench, Judge } from "./judge.ts";
import type { Slots } from "./slots.ts";

/** After the deadline the reports of what was ended may take so long. */
const LAST_REPORTS_MS = 1_000;

/** Rows that may keep a worker from reporting what it ends at its deadline. */
const harmful: readonly RowNumber[] = [6, 7, 8, 9, 10, 13, 14, 15, 16, 17, 19, 25];

const CATCH_UP_MS = 300;

/** With nothing left to do, a worker that drains is done. */
const DONE_WITHIN_MS = 300;

/** Invariant 5: after SIGTERM the process ends in time, and names what it has not finished. */
export function judgeDrain(bench: Bench, holdings: Holdings, slots: Slots): Judge {
  const { now, accuse, scenario, ledger } = bench;
  const isCalm =
    scenario.latencyMs.to < 10 &&
    scenario.journal !== "slow" &&
    !scenario.rows.some((number) => harmful.includes(number));
  let deadline = Number.POSITIVE_INFINITY;
  let endsBy = Number.POSITIVE_INFINITY;
  let idleSince: number | undefined;
  let isDraining = false;
  let isAwake = true;
  let isCutShort = false;
  /** It left the queue while a claim was open. */
  let leavesClaim = false;
  /** It has said that it ends what is left. */
  let isOver = false;

  /** A job that floods its log leaves more to report than there is time for. */
  const isFlood = (id: string): boolean =>
    ledger.runs
      .get(id)
      ?.plan.jobs.some((job) => /"lines":\d{3}/.test(JSON.stringify(job).replaceAll("\\", ""))) ??
    false;

  const onStopped = (left: readonly string[]): void => {
    const unnamed = [...holdings.open.keys()].filter((id) => !left.includes(id));
    if (unnamed.length > 0) accuse(5, `the worker stops and does not name ${unnamed.join()}`);
    const owed = left.filter((id) => !isFlood(id));
    if (isCalm && owed.length > 0) accuse(5, `the worker could have reported ${owed.join()}`);
  };
  /** Leaving the queue is the last thing that a worker does. */
  const onLeave = (): void => {
    const open = [...slots.capacities.keys()].find((chain) => slots.permitted(chain) > 0);
    leavesClaim = open !== undefined;
    if (open === undefined || now() >= deadline) return;
    accuse(5, `the worker stops before its deadline although a claim of ${open} is open`);
  };
  const isIdle = (): boolean =>
    holdings.open.size === 0 &&
    [...slots.capacities.keys()].every((chain) => slots.permitted(chain) === 0);
  const over = (): void => {
    endsBy = Number.POSITIVE_INFINITY;
    isDraining = false;
  };

  return {
    see: {
      sigterm: ({ withinMs }) => {
        if (!isDraining) idleSince = undefined;
        isDraining = true;
        isCutShort ||= withinMs === 0;
        deadline = withinMs === 0 ? now() : Math.min(deadline, now() + withinMs);
        if (withinMs === 0) endsBy = now();
        else endsBy = Math.min(endsBy, now() + withinMs + LAST_REPORTS_MS);
      },
      suspended: ({ forMs }) => {
        // After a sleep the worker first reads what came meanwhile.
        endsBy += forMs + CATCH_UP_MS;
        isAwake = false;
      },
      resumed: () => {
        isAwake = true;
        idleSince = now() + CATCH_UP_MS;
      },
      log: ({ message }) => {
        isOver ||= message.startsWith("the time to drain is over");
      },
      execute: ({ run }) => {
        if (isOver) accuse(5, `${run} is begun when the time to drain is over`);
      },
      unread: ({ things }) => {
        if (!isCutShort && leavesClaim)
          accuse(5, `it stops and leaves ${things} things unread, since it slept`);
      },
      "process-started": () => {
        isOver = false;
        isCutShort = false;
        isAwake = true;
        deadline = Number.POSITIVE_INFINITY;
      },
      "process-stopped": ({ left }) => {
        onStopped(left);
        over();
      },
      "process-killed": over,
      sent: ({ frame: { topic, event } }) => {
        if (topic === QUEUE_TOPIC && event === phoenix.leave) onLeave();
      },
    },
    afterStep: () => {
      if (!isDraining || !isAwake) return;
      if (now() > endsBy) accuse(5, `the process should have ended by ${endsBy.toFixed(0)}`);
      if (!isIdle()) idleSince = undefined;
      else {
        idleSince ??= now();
        if (now() > idleSince + DONE_WITHIN_MS) accuse(5, "it has nothing left and does not end");
      }
    },
  };
}
