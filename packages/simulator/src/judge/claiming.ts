import { phoenix, QUEUE_TOPIC, queueEvent } from "@workloops/worker/protocol";
import type { Fact } from "../world/fact.ts";
import type { Holdings } from "./holdings.ts";
import type { Bench, Judge } from "./judge.ts";
import { runsIn } from "./runs-in.ts";
import type { Slots } from "./slots.ts";

/** A lane claims at the latest so long after it is joined. */
const AFTER_JOIN_MS = 2_000;
/** A tick may be late by this much: after a sleep, the worker first reads what came meanwhile. */
const SLACK_MS = 300;

/** After a wake-up that brought nothing, further ones wait so long. */
const DEAF_MS = 200;
/** A backoff that grows makes so many short waits in a row as good as impossible. */
const MAX_SOON = 14;

interface LaneWatch {
  readonly chain: string;
  readonly capacity: number;
  /** How many groups have this chain. */
  readonly lanes: number;
  /** Since when it has had room and a connection, and has not claimed. */
  waitingSince: number | undefined;
  waitsAtMost: number;
  claimSentAt: number;
  claimEndedAt: number;
  /** Something other than the passing of time that lets it claim. */
  hasCause: boolean;
  /** When the queue was joined again, and it has not claimed since. */
  joinedAgainAt: number | undefined;
  /** When it was told to claim, and has not yet. */
  toldAt: number | undefined;
  /** A wake-up that has not been answered by a claim. */
  wokenAt: number | undefined;
  /** When the last claim was sent that only a wake-up called for, and nothing came of it. */
  wokenInVain: number;
  wasWoken: boolean;
  /** Claims in a row that brought nothing and that only time called for, each soon after the last. */
  soonAndEmpty: number;
}

export interface Claiming extends Judge {
  readonly claimedAgain: ClaimedAgain;
}

/** How long lanes with room took from a join after a reconnect to their claim. */
export interface ClaimedAgain {
  count: number;
  maxMs: number;
}

/**
 * Invariant 3: a lane that has room and a connection claims within its backoff, and at once
 * after a join. It also does not claim without a cause: one loop for each lane, whatever ended,
 * woke or reconnected before.
 */
export function judgeClaiming(bench: Bench, slots: Slots, holdings: Holdings): Claiming {
  const { plan, scenario, now, accuse } = bench;
  const { backoffMinMs, backoffMaxMs, claimTimeoutMs } = scenario.timing;
  const watches: LaneWatch[] = [...slots.capacities].map(([chain, capacity]) => ({
    chain,
    capacity,
    lanes: plan.groups.filter((group) => group.chain === chain).length,
    waitingSince: undefined,
    waitsAtMost: AFTER_JOIN_MS,
    claimSentAt: Number.NEGATIVE_INFINITY,
    claimEndedAt: Number.NEGATIVE_INFINITY,
    hasCause: true,
    joinedAgainAt: undefined,
    toldAt: undefined,
    wokenAt: undefined,
    wokenInVain: Number.NEGATIVE_INFINITY,
    wasWoken: false,
    soonAndEmpty: 0,
  }));
  const claimedAgain: ClaimedAgain = { count: 0, maxMs: 0 };
  let joins = 0;
  let joinRef: string | null = null;
  let isJoined = false;
  let isWorking = false;
  let isAwake = true;
  /** After a sleep it takes a claim for open until it has read what came meanwhile. */
  let isUpAt = 0;
  /** Chains by the ref of the claim. */
  const claims = new Map<string, LaneWatch>();

  const allMay = (waitsAtMost?: number): void => {
    for (const watch of watches) {
      watch.hasCause = true;
      watch.waitingSince = undefined;
      watch.wokenAt = undefined;
      watch.wokenInVain = Number.NEGATIVE_INFINITY;
      watch.soonAndEmpty = 0;
      if (waitsAtMost !== undefined) watch.waitsAtMost = waitsAtMost;
    }
  };
  const disconnected = (): void => {
    isJoined = false;
    claims.clear();
    for (const watch of watches) watch.claimEndedAt = now();
  };

  const judgeCause = (watch: LaneWatch, early: number): void => {
    const { chain, hasCause, wokenAt, toldAt } = watch;
    if (!scenario.polling) {
      if (toldAt === undefined) accuse(3, `${chain} claims although nobody told it to`);
      return;
    }
    watch.wasWoken = !hasCause && wokenAt !== undefined && early > 1;
    if (!hasCause && wokenAt === undefined && early > 1) {
      accuse(3, `${chain} claims ${early.toFixed(0)} ms early, and nothing has called for it`);
    }
    if (watch.wasWoken && now() < watch.wokenInVain + DEAF_MS - 1) {
      accuse(3, `${chain} claims at each wake-up of a storm`);
    }
    const isSoon = !hasCause && wokenAt === undefined && early > -0.5 * backoffMinMs;
    watch.soonAndEmpty = isSoon ? watch.soonAndEmpty + 1 : 0;
    if (watch.soonAndEmpty > MAX_SOON && backoffMaxMs >= 4 * backoffMinMs) {
      accuse(3, `${chain} claims ever so often, and nothing comes of it`);
    }
  };

  const onClaim = (ref: string, chain: string): void => {
    const watch = watches.find((each) => each.chain === chain);
    if (watch === undefined) return;
    if (!isWorking) accuse(5, `${chain} claims although the worker drains`);
    if (!isJoined) accuse(3, `${chain} claims without a joined channel`);
    const timedOutAt = watch.claimSentAt + claimTimeoutMs;
    if (watch.lanes === 1) {
      const isOpen = [...claims.values()].includes(watch);
      if (isOpen && now() < timedOutAt) accuse(3, `${chain} has two claims in flight`);
      const endedAt = isOpen ? Math.max(watch.claimEndedAt, timedOutAt) : watch.claimEndedAt;
      const early = endedAt + backoffMinMs - now();
      judgeCause(watch, early);
    }
    for (const [other, by] of claims) if (by === watch && watch.lanes === 1) claims.delete(other);
    claims.set(ref, watch);
    watch.claimSentAt = now();
    watch.hasCause = false;
    watch.toldAt = undefined;
    watch.wokenAt = undefined;
    if (watch.joinedAgainAt !== undefined) {
      claimedAgain.count += 1;
      // One that has room only now claims in this very step.
      const since = Math.max(watch.joinedAgainAt, watch.waitingSince ?? now());
      claimedAgain.maxMs = Math.max(claimedAgain.maxMs, now() - since);
    }
    watch.joinedAgainAt = undefined;
    watch.waitingSince = undefined;
    watch.waitsAtMost = backoffMaxMs + SLACK_MS;
  };

  const onRead = ({ frame }: Extract<Fact, { type: "read" }>): void => {
    if (frame.topic !== QUEUE_TOPIC) return;
    if (frame.event === queueEvent.workAvailable) {
      for (const watch of watches) watch.wokenAt ??= now();
    } else if (frame.event === phoenix.error || frame.event === phoenix.close) {
      if (frame.joinRef === joinRef) disconnected();
    } else if (frame.event === phoenix.reply && frame.ref === joinRef) {
      if ((frame.payload as { status: string }).status !== "ok" || isJoined) return;
      isJoined = true;
      for (const watch of watches)
        watch.joinedAgainAt = joins > 0 && scenario.polling ? now() : undefined;
      joins += 1;
      allMay(AFTER_JOIN_MS);
    } else {
      const watch = claims.get(frame.ref ?? "");
      if (watch === undefined) return;
      claims.delete(frame.ref ?? "");
      if (now() >= watch.claimSentAt + claimTimeoutMs) return;
      watch.claimEndedAt = now();
      if (runsIn(frame.payload).some((id) => !holdings.knows(id))) {
        watch.soonAndEmpty = 0;
        if (watch.lanes === 1) watch.waitsAtMost = backoffMinMs + SLACK_MS;
      } else if (watch.wasWoken) watch.wokenInVain = watch.claimSentAt;
    }
  };

  const onSent = ({ frame }: Extract<Fact, { type: "sent" }>): void => {
    if (frame.topic !== QUEUE_TOPIC) return;
    if (frame.event === phoenix.join) joinRef = frame.ref;
    if (frame.event === phoenix.leave) disconnected();
    if (frame.event !== queueEvent.claim) return;
    onClaim(frame.ref ?? "", (frame.payload as { queues: readonly string[] }).queues.join(">"));
  };
  const ends = (): void => {
    isWorking = false;
  };

  return {
    claimedAgain,
    see: {
      sent: onSent,
      read: onRead,
      closed: disconnected,
      closing: disconnected,
      journal: ({ entry }) => {
        if (entry.type !== "ended") return;
        const chain = holdings.open.get(entry.run);
        for (const watch of watches) if (chain === watch.chain) watch.hasCause = true;
      },
      "told-to-claim": () => {
        for (const watch of watches) {
          watch.hasCause = true;
          watch.toldAt = now();
        }
      },
      "process-started": () => {
        isWorking = true;
        isAwake = true;
        joins = 0;
        disconnected();
        allMay();
      },
      sigterm: ends,
      "process-killed": ends,
      "process-stopped": ends,
      suspended: () => {
        isAwake = false;
        for (const watch of watches) watch.joinedAgainAt = undefined;
      },
      resumed: () => {
        isAwake = true;
        isUpAt = now() + SLACK_MS;
        allMay();
      },
    },
    afterStep: () => {
      if (!isJoined || !isWorking || !isAwake) return;
      for (const watch of watches) {
        // A lane has one claim in flight: while it is open, the others of its slots wait too.
        const permitted = slots.permitted(watch.chain);
        const taken = holdings.count(watch.chain) + permitted;
        if (permitted > 0 || taken >= watch.capacity) watch.waitingSince = undefined;
        else {
          watch.waitingSince ??= now();
          const { wokenAt, waitingSince, toldAt } = watch;
          const mayTell = Math.max(waitingSince, isUpAt);
          if (toldAt !== undefined && toldAt >= mayTell && now() > toldAt + SLACK_MS) {
            accuse(3, `${watch.chain} has room and does not do as it is told`);
          }
          if (!scenario.polling) continue;
          if (
            wokenAt !== undefined &&
            now() > Math.max(wokenAt, waitingSince) + DEAF_MS + SLACK_MS
          ) {
            accuse(3, `${watch.chain} has room and does not hear the wake-up`);
          }
          if (now() <= watch.waitingSince + watch.waitsAtMost) continue;
          accuse(
            3,
            `${watch.chain} has room since ${watch.waitingSince.toFixed(0)} and claims not`,
          );
        }
      }
    },
  };
}
