import type { ClaimedRun } from "../protocol/index.ts";
import type { ClaimOutcome } from "./effect.ts";
import type { LaneSettings } from "./settings.ts";

/**
 * One workloop. It is in one of these situations, and `whyNotClaiming` says which:
 *
 * | situation | waits for |
 * |---|---|
 * | off | the queue channel to be joined, or nothing more where the worker drains |
 * | full | a run to end |
 * | claiming | the reply to its one claim; too late or the channel gone: backing off |
 * | backing off | `nextClaimAt`, or a wake-up before it |
 *
 * A wake-up while claiming is remembered once. Slots are counted here and nowhere else:
 * `active` by runs, the demand of an open claim by permits.
 */
export interface LaneState {
  readonly index: number;
  /** Its queues joined by `>`: how people and the wire name it. */
  readonly chain: string;
  readonly queues: readonly string[];
  readonly capacity: number;
  readonly active: number;
  readonly claim: OpenClaim | undefined;
  readonly woken: boolean;
  readonly nextClaimAt: number;
  /** The upper end of the next wait; it grows with each claim that brings nothing. */
  readonly backoffMs: number;
  /** No wake-up counts before this time: the last one brought nothing. */
  readonly deafUntil: number;
  /** Runs that came without being asked for, in order of arrival. They wait for a slot. */
  readonly surplus: readonly ClaimedRun[];
  readonly last: LastClaim | undefined;
}

export interface OpenClaim {
  readonly ref: string;
  readonly demand: number;
  readonly sentAt: number;
  /** True where a wake-up caused it. */
  readonly woken: boolean;
}

export interface LastClaim {
  readonly at: number;
  readonly outcome: ClaimOutcome;
  readonly runs: number;
}

export function initialLane(settings: LaneSettings, index: number, backoffMs: number): LaneState {
  return {
    index,
    chain: settings.queues.join(">"),
    queues: settings.queues,
    capacity: settings.capacity,
    active: 0,
    claim: undefined,
    woken: false,
    nextClaimAt: 0,
    backoffMs,
    deafUntil: 0,
    surplus: [],
    last: undefined,
  };
}

/** How many more runs the lane may take: what runs hold and what an open claim may bring is taken. */
export function freeSlots(lane: LaneState): number {
  return lane.capacity - lane.active - (lane.claim?.demand ?? 0);
}
