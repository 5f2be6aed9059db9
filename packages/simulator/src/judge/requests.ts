import { type Frame, phoenix, runEvent, runOfTopic } from "@workloops/worker/protocol";
import type { Fact } from "../world/fact.ts";
import type { Bench } from "./judge.ts";

/** What has become of something that the worker asked on a channel. */
export interface Answered {
  readonly kind:
    | "joined"
    | "join-refused"
    | "ended-by-server"
    | "unanswered"
    | "clip-unknown"
    | "refused";
  readonly topic: string;
  /** Absent on the queue's channel. */
  readonly run: string | undefined;
  readonly event: string | undefined;
  /** How often the event was sent. */
  readonly times: number;
  readonly crashed: boolean;
}

export interface Requests {
  sent(fact: Extract<Fact, { type: "sent" }>): Answered | undefined;
  read(frame: Frame): Answered | undefined;
  disconnected(): void;
  /** Another process begins. */
  forget(): void;
  /** True where an event that is not the last has crashed its channel a second time. */
  crashes(answered: Answered): boolean;
}

interface Asked {
  readonly event: string;
  readonly ref: string | null;
  readonly text: string;
  readonly times: number;
  readonly sentAt: number;
}

interface Channel {
  readonly joinRef: string | null;
  readonly isJoined: boolean;
  readonly sentAt: number;
}

/** Follows on the wire what the worker asks on its channels, and what it is answered. */
export function followRequests({ scenario, now }: Bench): Requests {
  const channels = new Map<string, Channel>();
  /** The event of a run that is on its way. */
  const asked = new Map<string, Asked>();
  /** The event of a run that was sent last, to know one that is sent again. */
  const last = new Map<string, Asked>();

  const onSent = ({ frame, text }: Extract<Fact, { type: "sent" }>): Answered | undefined => {
    const { topic, event, ref } = frame;
    if (event === phoenix.join)
      channels.set(topic, { joinRef: ref, isJoined: false, sentAt: now() });
    else if (event === phoenix.leave) return onLeave(topic);
    else if (runOfTopic(topic) !== undefined && !event.startsWith("fetch:")) {
      const before = last.get(topic);
      const times =
        before?.event === event && (before.text === text || event === runEvent.runComplete)
          ? before.times + 1
          : 1;
      const sent = { event, ref, text, times, sentAt: now() };
      asked.set(topic, sent);
      last.set(topic, sent);
    }
    return undefined;
  };
  const answer = (kind: Answered["kind"], topic: string, crashed = false): Answered => {
    const { event, times = 0 } = asked.get(topic) ?? {};
    return { kind, topic, run: runOfTopic(topic), event, times, crashed };
  };
  const onLeave = (topic: string): Answered | undefined => {
    const channel = channels.get(topic);
    channels.delete(topic);
    const { queueJoinTimeoutMs, messageTimeoutMs } = scenario.timing;
    const patienceMs = runOfTopic(topic) === undefined ? queueJoinTimeoutMs : messageTimeoutMs;
    if (channel?.isJoined === false && Math.abs(now() - channel.sentAt - patienceMs) < 0.01) {
      return answer("join-refused", topic);
    }
    const open = asked.get(topic);
    const answered = answer("unanswered", topic);
    asked.delete(topic);
    const isOver = open !== undefined && now() >= open.sentAt + scenario.timing.messageTimeoutMs;
    return isOver ? answered : undefined;
  };
  const onRead = ({ topic, event, ref, joinRef, payload }: Frame): Answered | undefined => {
    const channel = channels.get(topic);
    if (channel === undefined) return undefined;
    if (event === phoenix.error || event === phoenix.close) {
      if (!channel.isJoined || joinRef !== channel.joinRef) return undefined;
      const answered = answer("ended-by-server", topic, event === phoenix.error);
      channels.delete(topic);
      asked.delete(topic);
      return answered;
    }
    const { status, response } = (payload ?? {}) as { status?: unknown; response?: unknown };
    if (event !== phoenix.reply || (status !== "ok" && status !== "error")) return undefined;
    if (!channel.isJoined && ref === channel.joinRef) {
      if (status === "error") channels.delete(topic);
      else channels.set(topic, { ...channel, isJoined: true });
      return answer(status === "error" ? "join-refused" : "joined", topic);
    }
    if (ref !== asked.get(topic)?.ref || ref === null) return undefined;
    const answered = answer(kindOf(response), topic);
    asked.delete(topic);
    return status === "ok" || isThere(answered, response) ? undefined : answered;
  };

  return {
    sent: onSent,
    read: onRead,
    disconnected: () => {
      channels.clear();
      asked.clear();
    },
    forget: () => {
      channels.clear();
      asked.clear();
      last.clear();
    },
    crashes: ({ event, times, crashed }) =>
      crashed && times >= 2 && event !== undefined && event !== "run:complete",
  };
}

function kindOf(response: unknown): "clip-unknown" | "refused" {
  const isClip = typeof response === "object" && response !== null;
  return isClip && "final_dataclip_id" in response ? "clip-unknown" : "refused";
}

/** What is sent again and is there already needs no word. */
function isThere({ times }: Answered, response: unknown): boolean {
  return times > 1 && /already|taken|unique|duplicate/.test(JSON.stringify(response));
}
