import { type Frame, phoenix, runOfTopic } from "@workloops/worker/protocol";
import type { Bench, Judge } from "./judge.ts";

/** After a sleep the worker reads first what came meanwhile. */
const SLACK_MS = 300;

interface Asked {
  readonly topic: string;
  /** The event and what it names. */
  readonly what: string;
  readonly again: boolean;
  readonly sentAt: number;
}

/**
 * Rows 11 and 12: what the server has not answered is asked for again, of one run at a time, so
 * that an answer that cuts the socket counts against its own run; and as soon as that may be.
 */
export function judgeAsking({ now, accuse, scenario }: Bench): Judge {
  const { messageTimeoutMs } = scenario.timing;
  /** What was ever asked on a topic and is not answered. */
  const missing = new Map<string, Set<string>>();
  /** Open questions, by ref. */
  const open = new Map<string, Asked>();
  const joinRefs = new Map<string, string | null>();
  /** Topics that are joined and have something to ask for again, since when. */
  const waiting = new Map<string, number>();
  let isAwake = true;
  /** Since when nothing keeps it from asking. */
  let freeSince = 0;

  const close = (topic?: string): void => {
    for (const [ref, asked] of open) if ((topic ?? asked.topic) === asked.topic) open.delete(ref);
    if (topic === undefined) waiting.clear();
    else waiting.delete(topic);
    freeSince = now();
  };
  const onSent = ({ topic, event, ref, payload }: Frame): void => {
    if (runOfTopic(topic) === undefined) return;
    if (event === phoenix.join) joinRefs.set(topic, ref);
    else if (event === phoenix.leave) close(topic);
    else if (!event.startsWith("fetch:")) {
      missing.delete(topic);
      close(topic);
    } else {
      const what = `${event} ${(payload as { id?: string }).id ?? ""}`;
      const asked = missing.get(topic) ?? new Set();
      const again = asked.has(what);
      const other = [...open.values()].find(
        (each) => each.again && each.topic !== topic && now() < each.sentAt + messageTimeoutMs,
      );
      if (again && other !== undefined) {
        accuse(7, `${topic} and ${other.topic} are asked for again at once`);
      }
      for (const [older, each] of open) {
        if (each.topic === topic && each.sentAt < now()) open.delete(older);
      }
      missing.set(topic, asked.add(what));
      open.set(ref ?? "", { topic, what, again, sentAt: now() });
      waiting.delete(topic);
    }
  };
  const onRead = ({ topic, event, ref, joinRef, payload }: Frame): void => {
    if (runOfTopic(topic) === undefined) return;
    if (event === phoenix.error || event === phoenix.close) {
      if (joinRef === joinRefs.get(topic)) close(topic);
    } else if (event === phoenix.reply && ref === joinRefs.get(topic)) {
      const { status } = payload as { status?: unknown };
      if (status === "ok" && (missing.get(topic)?.size ?? 0) > 0) waiting.set(topic, now());
    } else if (event === phoenix.reply) {
      const asked = open.get(ref ?? "");
      if (asked === undefined) return;
      open.delete(ref ?? "");
      missing.get(topic)?.delete(asked.what);
      freeSince = now();
    }
  };

  const begin = (): void => {
    isAwake = true;
    close();
    missing.clear();
    joinRefs.clear();
  };

  return {
    see: {
      sent: ({ frame }) => onSent(frame),
      read: ({ frame }) => onRead(frame),
      closed: () => close(),
      closing: () => close(),
      suspended: () => {
        isAwake = false;
      },
      resumed: () => {
        isAwake = true;
        freeSince = now();
      },
      "process-started": begin,
      "process-killed": () => close(),
      "process-stopped": () => close(),
    },
    afterStep: () => {
      if (!isAwake || open.size + waiting.size === 0) return;
      for (const [ref, { topic, sentAt }] of open) {
        if (now() < sentAt + messageTimeoutMs + SLACK_MS) continue;
        open.delete(ref);
        waiting.set(topic, now());
        freeSince = now();
      }
      if (waiting.size === 0 || [...open.values()].some(({ again }) => again)) return;
      for (const [topic, since] of waiting) {
        if (now() > Math.max(since, freeSince) + SLACK_MS)
          accuse(7, `${topic} is not asked for again`);
      }
    },
  };
}
