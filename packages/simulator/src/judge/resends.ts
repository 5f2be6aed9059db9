import { phoenix, runOfTopic } from "@workloops/worker/protocol";
import type { Bench, Judge } from "./judge.ts";

/** A log line that is not answered so often is sent no more. */
export const RESENDS = 2;

/**
 * Row 13: an event whose channel went before it was answered goes out again in the step in which
 * the channel is joined again, unless something else of the run does.
 */
export function judgeResends({ accuse }: Bench): Judge {
  /** The events that are on their way, and those that have lost their channel, by topic. */
  const asked = new Map<string, string>();
  const interrupted = new Map<string, string>();
  const joinRefs = new Map<string, string | null>();
  const owed = new Set<string>();
  const interrupt = (topic: string): void => {
    const event = asked.get(topic);
    asked.delete(topic);
    if (event !== undefined) interrupted.set(topic, event);
  };
  const disconnected = (): void => {
    for (const topic of [...asked.keys()]) interrupt(topic);
    joinRefs.clear();
  };
  const forget = (): void => {
    for (const map of [asked, interrupted, joinRefs, owed]) map.clear();
  };

  return {
    see: {
      sent: ({ frame: { topic, event, ref } }) => {
        if (event === phoenix.join) joinRefs.set(topic, ref);
        else if (event === phoenix.leave) {
          interrupt(topic);
          joinRefs.delete(topic);
        } else if (runOfTopic(topic) !== undefined && !event.startsWith("fetch:")) {
          asked.set(topic, event);
          owed.delete(topic);
        }
      },
      read: ({ frame: { topic, event, ref, joinRef, payload } }) => {
        if (runOfTopic(topic) === undefined) return;
        if (event === phoenix.error || event === phoenix.close) {
          if (joinRef === joinRefs.get(topic)) interrupt(topic);
        } else if (event !== phoenix.reply) return;
        else if (ref !== joinRefs.get(topic)) asked.delete(topic);
        else if ((payload as { status?: unknown }).status === "ok" && interrupted.delete(topic)) {
          owed.add(topic);
        }
      },
      log: ({ message, fields: { run, event, attempt = 0 } }) => {
        // What is left out is not sent again: it has crashed its channel, or is a line without an answer.
        const isLine = String(event).includes("log") && Number(attempt) > RESENDS;
        if (!isLine && !message.includes("crashes the run's channel")) return;
        asked.delete(`run:${run}`);
        interrupted.delete(`run:${run}`);
      },
      closed: disconnected,
      closing: disconnected,
      "process-started": forget,
      "process-killed": forget,
    },
    afterStep: () => {
      if (owed.size === 0) return;
      for (const topic of owed) accuse(6, `${topic} is joined again, and its event is not sent`);
      owed.clear();
    },
  };
}
