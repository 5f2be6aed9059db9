import { type Frame, phoenix, runOfTopic } from "@workloops/worker/protocol";
import type { Holdings } from "./holdings.ts";
import type { Bench, Judge } from "./judge.ts";

/** A channel of a run that has ended is left at once; the message is under way for a while. */
const LEFT_WITHIN_MS = 2_000;

/** Looking at every channel after each step would cost more than the step. */
const EVERY_STEPS = 32;

/**
 * Invariant 7: a worker has a channel for the queue and one for each run that it holds. It joins
 * none for another run, and before it writes down that a run has ended, it has left that run's.
 * `joined` are the runs whose channel the server has open for the process that lives now.
 */
export function judgeChannels(
  { now, accuse }: Bench,
  holdings: Holdings,
  joined: () => readonly string[],
): Judge {
  /** The refs of the joins of all channels that the worker has not left, by topic. */
  const open = new Map<string, string | null>();
  const endedAt = new Map<string, number>();
  let steps = 0;

  const onSent = ({ topic, event, ref }: Frame): void => {
    if (event === phoenix.leave) open.delete(topic);
    if (event !== phoenix.join) return;
    open.set(topic, ref);
    const run = runOfTopic(topic);
    if (run === undefined || holdings.open.has(run)) return;
    accuse(7, `${topic} is joined, and the worker does not hold that run`);
  };
  const onRead = ({ topic, event, ref, joinRef, payload }: Frame): void => {
    const isRefused =
      event === phoenix.reply &&
      ref === open.get(topic) &&
      (payload as { status?: unknown } | null)?.status === "error";
    const isOver = event === phoenix.error || event === phoenix.close;
    if (isRefused || (isOver && joinRef === open.get(topic))) open.delete(topic);
  };

  return {
    see: {
      sent: ({ frame }) => onSent(frame),
      read: ({ frame }) => onRead(frame),
      closed: () => open.clear(),
      closing: () => open.clear(),
      journal: ({ entry: { type, run } }) => {
        if (type !== "ended") return;
        endedAt.set(run, now());
        if (open.has(`run:${run}`)) accuse(7, `${run} has ended, and its channel is not left`);
      },
      "process-started": () => {
        open.clear();
        endedAt.clear();
      },
    },
    afterStep: () => {
      steps += 1;
      if (steps % EVERY_STEPS !== 0) return;
      for (const run of joined()) {
        if (now() <= (endedAt.get(run) ?? now()) + LEFT_WITHIN_MS) continue;
        accuse(7, `to the server, the channel of ${run} was never left`);
      }
    },
  };
}
