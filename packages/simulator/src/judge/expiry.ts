import { phoenix, runOfTopic } from "@workloops/worker/protocol";
import type { Fact } from "../world/fact.ts";
import { TOKEN_GRACE_SECONDS } from "../world/patience.ts";
import type { Bench, Judge } from "./judge.ts";

/** Times in a token are whole seconds, and after a sleep the worker reads first what came meanwhile. */
const SLACK_MS = 2_500;

/** Looking at every run after each step would cost more than the step. */
const EVERY_STEPS = 16;

/** A run of this process whose token was checked: since when it is neither joined nor executing. */
interface Watch {
  readonly checkedAt: number;
  joinRef: string | null;
  isJoined: boolean;
  isExecuting: boolean;
  idleSince: number;
}

/**
 * A run that cannot join its channel is given up when its token is over: nothing can be reported
 * of it any more, and its slot is of use to others. One that executes may join later.
 */
export function judgeExpiry({ ledger, now, accuse, scenario }: Bench): Judge {
  // Without a check the worker does not know, and with a wrong clock or a slow disk it is wrong.
  const isKnown =
    scenario.checksTokens &&
    scenario.shortTokens &&
    scenario.journal !== "slow" &&
    scenario.failAt?.port !== "clock";
  const grantedAt = new Map<string, number>();
  const bad = new Set<string>();
  const watches = new Map<string, Watch>();
  let isAwake = true;
  let steps = 0;

  const change = (run: string, to: Partial<Watch>): void => {
    const watch = watches.get(run);
    if (watch !== undefined) Object.assign(watch, to, { idleSince: now() });
  };
  const onSent = ({ frame }: Extract<Fact, { type: "sent" }>): void => {
    const run = runOfTopic(frame.topic);
    if (run === undefined) return;
    if (frame.event === phoenix.leave) change(run, { isJoined: false });
    if (frame.event !== phoenix.join) return;
    const watch = watches.get(run);
    if (watch !== undefined) watch.joinRef = frame.ref;
    else {
      const joinRef = frame.ref;
      const at = now();
      const idle = { isJoined: false, isExecuting: false, idleSince: at };
      watches.set(run, { checkedAt: at, joinRef, ...idle });
    }
  };
  const onRead = ({ frame }: Extract<Fact, { type: "read" }>): void => {
    const { topic, event, ref, joinRef, payload } = frame;
    const run = runOfTopic(topic);
    const watch = watches.get(run ?? "");
    if (run === undefined || watch === undefined) return;
    if (event === phoenix.error || event === phoenix.close) {
      if (joinRef === watch.joinRef) change(run, { isJoined: false });
    } else if (event === phoenix.reply && ref === watch.joinRef) {
      if ((payload as { status?: unknown }).status === "ok") change(run, { isJoined: true });
    }
  };
  const look = (): void => {
    for (const [run, { checkedAt, isJoined, isExecuting, idleSince }] of watches) {
      const granted = grantedAt.get(run);
      if (isJoined || isExecuting || granted === undefined || bad.has(run)) continue;
      const lifeMs = (ledger.runs.get(run)?.timeoutMs ?? 0) + TOKEN_GRACE_SECONDS * 1_000;
      const overAt = Math.max(granted + lifeMs, checkedAt + scenario.timing.messageTimeoutMs);
      if (now() <= Math.max(overAt, idleSince) + SLACK_MS) continue;
      accuse(7, `${run} is kept although its token is over and its channel is not joined`);
    }
  };
  const disconnected = (): void => {
    for (const run of watches.keys()) change(run, { isJoined: false });
  };
  if (!isKnown) return {};

  return {
    see: {
      sent: onSent,
      read: onRead,
      granted: ({ runs }) => {
        for (const run of runs) grantedAt.set(run, now());
      },
      fault: ({ row, detail }) => {
        if (row === 16) bad.add(detail.split(" ").at(-1) ?? "");
      },
      execute: ({ run }) => change(run, { isExecuting: true }),
      "engine-ended": ({ run }) => change(run, { isExecuting: false }),
      journal: ({ entry }) => {
        if (entry.type === "ended") watches.delete(entry.run);
      },
      closed: disconnected,
      closing: disconnected,
      suspended: () => {
        isAwake = false;
      },
      resumed: () => {
        isAwake = true;
        for (const run of watches.keys()) change(run, {});
      },
      "process-started": () => {
        isAwake = true;
        watches.clear();
      },
    },
    afterStep: () => {
      steps += 1;
      if (isAwake && steps % EVERY_STEPS === 0) look();
    },
  };
}
