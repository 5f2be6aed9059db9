import { type Frame, phoenix, runOfTopic } from "@workloops/worker/protocol";
import type { Fact } from "../world/fact.ts";
import { BATCHES, WORLD_LIMITS } from "../world/world.ts";
import type { Bench, Judge } from "./judge.ts";

interface Line {
  readonly message: readonly unknown[];
}

/** What an engine has said of a run, and what is known of its channel. */
interface Talk {
  /** When each line was said, in order. */
  readonly said: Map<string, number>;
  /** How much was said at all, and how much of it each line was behind. */
  spoken: number;
  readonly places: Map<string, number>;
  /** Since when nothing is on its way. */
  freeSince: number;
  /** The batch that was sent last. */
  before: {
    readonly at: number;
    readonly lines: number;
    readonly bytes: number;
    readonly place: number;
  };
}

/** Timers are exact here, and numbers are not. */
const SLACK_MS = 0.01;

/**
 * Log lines that stand together travel together: not more than the server takes, not before the
 * batch is full, its time is over or something waits behind it, and not after that either.
 */
export function judgeBatches({ now, accuse, scenario }: Bench): Judge {
  const talks = new Map<string, Talk>();
  let isAwake = true;
  if (!scenario.batchLogs) return {};

  const onEngine = ({ run, event }: Extract<Fact, { type: "engine" }>): void => {
    const talk = talks.get(run);
    if (talk === undefined) return;
    talk.spoken += 1;
    if (event.type !== "log" || event.stepId === undefined) return;
    talk.said.set(String(event.message[0]), now());
    talk.places.set(String(event.message[0]), talk.spoken);
  };
  const onSent = ({ topic, event, payload }: Frame): void => {
    const talk = talks.get(runOfTopic(topic) ?? "");
    if (talk === undefined) return;
    const freeSince = talk.freeSince;
    talk.freeSince = Number.POSITIVE_INFINITY;
    if (event !== "run:batch_logs") return;
    const { logs } = payload as { readonly logs: readonly Line[] };
    const bytes = bytesOf(logs);
    if (logs.length > BATCHES.limit) accuse(7, `a batch of ${logs.length} lines`);
    if (logs.length > 1 && bytes > WORLD_LIMITS.batchBytes) accuse(7, `a batch of ${bytes} bytes`);
    const saidAt = talk.said.get(String(logs[0]?.message[0]));
    const place = talk.places.get(String(logs.at(-1)?.message[0]));
    if (place !== undefined) judgeRoom(topic, talk, logs, place);
    if (saidAt === undefined || place === undefined || freeSince > now() || !isAwake) return;
    const dueAt = saidAt + BATCHES.intervalMs;
    const isFull = logs.length >= BATCHES.limit || talk.spoken > place;
    if (!isFull && now() < dueAt - SLACK_MS) accuse(6, `a batch of ${topic} does not wait`);
    if (now() > Math.max(dueAt, freeSince) + BATCHES.intervalMs + SLACK_MS) {
      accuse(6, `a batch of ${topic} waits too long`);
    }
  };

  /** What a batch leaves behind had no room in it, by half of what it may hold at most. */
  const judgeRoom = (topic: string, talk: Talk, logs: readonly Line[], place: number): void => {
    const { before } = talk;
    const first = String(logs[0]?.message[0]);
    const bytes = bytesOf(logs);
    const isNext = talk.places.get(first) === before.place + 1;
    const wasSaid = (talk.said.get(first) ?? now()) < before.at;
    const hadRoom =
      before.lines < BATCHES.limit &&
      before.bytes + bytesOf(logs.slice(0, 1)) < WORLD_LIMITS.batchBytes / 2;
    if (isNext && wasSaid && hadRoom) accuse(7, `a batch of ${topic} leaves a line behind`);
    if (place !== before.place) talk.before = { at: now(), lines: logs.length, bytes, place };
  };

  return {
    see: {
      execute: ({ run }) => {
        const before = { at: 0, lines: BATCHES.limit, bytes: 0, place: 0 };
        const nothing = { said: new Map(), spoken: 0, places: new Map(), before };
        talks.set(run, { ...nothing, freeSince: now() });
      },
      engine: onEngine,
      sent: ({ frame }) => onSent(frame),
      read: ({ frame: { topic, event } }) => {
        const talk = event === phoenix.reply ? talks.get(runOfTopic(topic) ?? "") : undefined;
        if (talk !== undefined) talk.freeSince = now();
      },
      suspended: () => {
        isAwake = false;
      },
      "process-started": () => {
        talks.clear();
        isAwake = true;
      },
    },
  };
}

function bytesOf(logs: readonly Line[]): number {
  return logs.reduce((sum, line) => sum + Buffer.byteLength(JSON.stringify(line)), 0);
}
