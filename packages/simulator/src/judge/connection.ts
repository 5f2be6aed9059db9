import { HEARTBEAT_TOPIC, phoenix } from "@workloops/worker/protocol";
import type { Fact } from "../world/fact.ts";
import { WORLD_LIMITS } from "../world/world.ts";
import type { Bench, Judge } from "./judge.ts";

/** A tick may be late by this much: after a sleep, the worker first reads what came meanwhile. */
const SLACK_MS = 300;
/** The shortest wait between two tries. */
const FIRST_RETRY_MS = 50;
/** A wait that is drawn is no whole number of quarters of a second, but for one in a thousand million. */
function isRound(waitMs: number): boolean {
  return Number.isFinite(waitMs) && Math.abs(waitMs / 250 - Math.round(waitMs / 250)) < 1e-9;
}

/** As a value: inside a text, quotes are escaped. */
const TOO_DEEP = 550;
const isNestedTooDeeply = new RegExp(`[^\\\\]":\\[{${TOO_DEEP}}`);
/** What a frame holds besides its largest text. */
const ENVELOPE_BYTES = 2_000;

/**
 * Rows 7 and 8: a heartbeat goes out each interval, and a socket that leaves one unanswered is
 * given up at the next; sockets and joins are tried again, neither at once nor late. No frame is
 * larger than the server takes.
 */
export function judgeConnection({ scenario, now, accuse }: Bench): Judge {
  const { heartbeatMs, retryMaxMs } = scenario.timing;
  let isWorking = false;
  let isAwake = true;
  let isDraining = false;
  let openSince: number | undefined;
  let beatAt = 0;
  let unanswered: string | null = null;
  let goneAt: number | undefined;
  /** When a join was refused, by topic. */
  const refusedAt = new Map<string, number>();
  const joinRefs = new Map<string, string | null>();

  let lastRef = 0;
  let hasSlept = false;

  const gone = (): void => {
    openSince = undefined;
    unanswered = null;
    refusedAt.clear();
    joinRefs.clear();
    goneAt = now();
    hasSlept = !isAwake;
  };
  const onSent = ({ frame, text }: Extract<Fact, { type: "sent" }>): void => {
    const { topic, event, ref } = frame;
    if (Buffer.byteLength(text) > WORLD_LIMITS.textBytes + ENVELOPE_BYTES) {
      accuse(7, `${event} on ${topic} is larger than the server takes`);
    }
    if (Number(ref) <= lastRef) accuse(6, `#${ref} leaves behind #${lastRef}`);
    lastRef = Number(ref);
    const isLong = text.length > TOO_DEEP;
    if (isLong && isNestedTooDeeply.test(text))
      accuse(7, `${event} on ${topic} is nested too deeply`);
    if (topic === HEARTBEAT_TOPIC) {
      beatAt = now();
      unanswered = ref;
    } else if (event === phoenix.join) {
      const since = now() - (refusedAt.get(topic) ?? Number.NEGATIVE_INFINITY);
      if (since < FIRST_RETRY_MS - 1) accuse(3, `${topic} is joined again at once`);
      refusedAt.delete(topic);
      joinRefs.set(topic, ref);
    } else if (event === phoenix.leave) {
      refusedAt.delete(topic);
      joinRefs.delete(topic);
    }
  };
  const onRead = ({ frame }: Extract<Fact, { type: "read" }>): void => {
    const { topic, event, ref, payload } = frame;
    if (topic === HEARTBEAT_TOPIC && ref === unanswered) unanswered = null;
    if (event !== phoenix.reply || ref === null || ref !== joinRefs.get(topic)) return;
    const { status } = payload as { status?: unknown };
    if (status === "error") refusedAt.set(topic, now());
    if (status === "error" || status === "ok") joinRefs.delete(topic);
  };
  const onResumed = (): void => {
    isAwake = true;
    hasSlept = true;
    // What was due while it slept is due now.
    beatAt = Math.max(beatAt, now() - heartbeatMs);
    if (goneAt !== undefined) goneAt = Math.max(goneAt, now() - retryMaxMs);
    for (const [topic, at] of refusedAt) refusedAt.set(topic, Math.max(at, now() - retryMaxMs));
  };
  const ends = (): void => {
    isWorking = false;
  };

  return {
    see: {
      sent: onSent,
      read: onRead,
      opened: () => {
        openSince = now();
        beatAt = now();
      },
      opening: () => {
        const since = now() - (goneAt ?? Number.NEGATIVE_INFINITY);
        if (since < FIRST_RETRY_MS - 1) accuse(3, "a socket is opened again at once");
        if (!hasSlept && isRound(since)) {
          accuse(3, `every worker would open its socket again after ${since} ms`);
        }
        goneAt = undefined;
      },
      sigterm: () => {
        isDraining = true;
      },
      closed: gone,
      closing: () => {
        const isHealthy = openSince !== undefined && unanswered === null;
        if (isHealthy && !isDraining) accuse(3, "a socket is given up that has answered");
        gone();
      },
      "process-started": () => {
        gone();
        goneAt = undefined;
        lastRef = 0;
        isWorking = true;
        isDraining = false;
        isAwake = true;
      },
      "process-killed": ends,
      "process-stopped": ends,
      journal: ({ entry }) => {
        if (entry.type === "ended") refusedAt.delete(`run:${entry.run}`);
      },
      suspended: () => {
        isAwake = false;
      },
      resumed: onResumed,
    },
    afterStep: () => {
      if (!isWorking || !isAwake) return;
      if (openSince !== undefined && now() > beatAt + heartbeatMs + SLACK_MS) {
        accuse(3, unanswered === null ? "no heartbeat is sent" : "a silent socket is kept");
      }
      if (goneAt !== undefined && now() > goneAt + retryMaxMs + SLACK_MS) {
        accuse(3, "no socket is opened again");
      }
      if (refusedAt.size === 0) return;
      for (const [topic, at] of refusedAt) {
        if (now() > at + retryMaxMs + SLACK_MS) accuse(3, `${topic} is not joined again`);
      }
    },
  };
}
