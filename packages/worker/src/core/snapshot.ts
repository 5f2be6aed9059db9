import { QUEUE_TOPIC } from "../protocol/index.ts";
import { freeSlots, type LaneState } from "./lane-state.ts";
import type { WorkerState } from "./state.ts";

/** What an operator may see of a lane: no token, no payload. Ages and waits are milliseconds. */
export interface LaneSnapshot {
  readonly chain: string;
  readonly mode: "strict" | "preferring";
  readonly capacity: number;
  readonly active: number;
  /** Slots that an open claim may fill. */
  readonly permitted: number;
  /** How long its claim is open; null: none is. */
  readonly openClaimMs: number | null;
  readonly free: number;
  readonly surplus: number;
  readonly runs: readonly { readonly id: string; readonly phase: string; readonly ageMs: number }[];
  readonly lastClaim: {
    readonly outcome: string;
    readonly runs: number;
    readonly agoMs: number;
  } | null;
  /** Null: not before something else happens. */
  readonly nextClaimInMs: number | null;
  /** One sentence, or null where a claim is open. */
  readonly whyNotClaiming: string | null;
}

export interface WorkerSnapshot {
  readonly mode: WorkerState["mode"]["type"];
  readonly socket: string;
  readonly joined: boolean;
  readonly capacity: number;
  readonly active: number;
  readonly ending: number;
  readonly lanes: readonly LaneSnapshot[];
}

export function snapshot(state: WorkerState, at: number): WorkerSnapshot {
  const joined = state.connection.channels.get(QUEUE_TOPIC)?.mode === "joined";
  const lanes = state.lanes.map((lane) => laneSnapshot(state, lane, joined, at));
  return {
    mode: state.mode.type,
    socket: state.connection.socket.mode,
    joined,
    capacity: state.settings.join.capacity,
    active: lanes.reduce((sum, lane) => sum + lane.active, 0),
    ending: [...state.runs.values()].filter((run) => !run.holdsSlot).length,
    lanes,
  };
}

function laneSnapshot(
  state: WorkerState,
  lane: LaneState,
  joined: boolean,
  at: number,
): LaneSnapshot {
  const runs = [...state.runs.values()].filter((run) => run.lane === lane.index && run.holdsSlot);
  const waits = joined && state.mode.type === "working" && lane.claim === undefined;
  const claims = waits && freeSlots(lane) > 0 && Number.isFinite(lane.nextClaimAt);
  return {
    chain: lane.chain,
    mode: lane.queues.includes("*") ? "preferring" : "strict",
    capacity: lane.capacity,
    active: lane.active,
    permitted: lane.claim?.demand ?? 0,
    openClaimMs: lane.claim === undefined ? null : at - lane.claim.sentAt,
    free: freeSlots(lane),
    surplus: lane.surplus.length,
    runs: runs.map((run) => ({ id: run.id, phase: run.phase.type, ageMs: at - run.claimedAt })),
    lastClaim:
      lane.last === undefined
        ? null
        : { outcome: lane.last.outcome, runs: lane.last.runs, agoMs: at - lane.last.at },
    nextClaimInMs: claims ? Math.max(0, lane.nextClaimAt - at) : null,
    whyNotClaiming: whyNotClaiming(state, lane, joined, at),
  };
}

function whyNotClaiming(
  { mode, settings }: WorkerState,
  lane: LaneState,
  joined: boolean,
  at: number,
): string | null {
  if (mode.type === "idle") return "the worker has not started";
  if (mode.type !== "working") return "the worker is draining";
  if (!joined) return "the worker has not joined Lightning's queue";
  if (lane.claim !== undefined) {
    const openMs = at - lane.claim.sentAt;
    return openMs < 1_000 ? null : `its claim is unanswered for ${Math.floor(openMs / 1_000)} s`;
  }
  if (freeSlots(lane) <= 0) return `full: all ${lane.capacity} slots hold a run`;
  if (!settings.polling) return "polling is off: it claims only when it is told to";
  const wait = `the next claim is due in ${Math.max(0, Math.round((lane.nextClaimAt - at) / 100) / 10)} s`;
  switch (lane.last?.outcome) {
    case "empty":
      return `the server had nothing for it; ${wait}`;
    case "refused":
      return `its last claim was refused; ${wait}`;
    case "unanswered":
      return `its last claim was not answered; ${wait}`;
    default:
      return `backing off; ${wait}`;
  }
}
