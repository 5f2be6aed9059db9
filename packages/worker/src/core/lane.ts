import {
  type ClaimedRun,
  QUEUE_TOPIC,
  queueEvent,
  readClaimReply,
  sayRefusal,
} from "../protocol/index.ts";
import { ask } from "./channel.ts";
import type { ClaimOutcome } from "./effect.ts";
import { freeSlots, type LaneState } from "./lane-state.ts";
import { beginRun, endUnwanted, isKnownRun } from "./run/begin-run.ts";
import { jitter, laneAt, log, observe, setLane, type Turn } from "./turn.ts";

/** Each claim that brings nothing lets the next one wait up to this much longer. */
const BACKOFF_GROWTH = 1.5;

/**
 * After a wake-up that brought nothing, how long further ones wait. Wake-ups go to every worker
 * for every run, so most are for others; a storm of them must not become a storm of claims.
 */
const DEAF_AFTER_EMPTY_WAKE_MS = 200;

/** Surplus that a lane holds, in its capacities: an over-delivering server must not fill memory. */
const SURPLUS_CAPACITIES = 2;

/** Starts what can start and claims where there is room. Called at the end of each step. */
export function pumpLane(turn: Turn, index: number): void {
  startSurplus(turn, index);
  const lane = laneAt(turn, index);
  if (mayClaim(turn, lane) && lane.nextClaimAt <= turn.at) sendClaim(turn, lane);
}

export function mayClaim(turn: Pick<Turn, "state">, lane: LaneState): boolean {
  const { mode, connection } = turn.state;
  return (
    mode.type === "working" &&
    lane.claim === undefined &&
    freeSlots(lane) > 0 &&
    connection.channels.get(QUEUE_TOPIC)?.mode === "joined"
  );
}

function startSurplus(turn: Turn, index: number): void {
  for (;;) {
    const lane = laneAt(turn, index);
    const [next, ...surplus] = lane.surplus;
    if (next === undefined || freeSlots(lane) <= 0) return;
    setLane(turn, index, { surplus });
    beginRun(turn, next, index);
  }
}

function sendClaim(turn: Turn, lane: LaneState): void {
  const { settings } = turn.state;
  const demand = freeSlots(lane);
  const ref = ask(
    turn,
    QUEUE_TOPIC,
    queueEvent.claim,
    { demand, worker_name: settings.workerName, queues: lane.queues },
    { type: "claim", lane: lane.index },
    settings.claimTimeoutMs,
  );
  setLane(turn, lane.index, {
    claim: { ref, demand, sentAt: turn.at, woken: lane.woken },
    woken: false,
  });
  log(turn, "debug", `claims at most ${demand}`, { lane: lane.chain });
}

export function onClaimReply(
  turn: Turn,
  index: number,
  ref: string,
  ok: boolean,
  response: unknown,
): void {
  const lane = laneAt(turn, index);
  const inTime = lane.claim?.ref === ref;
  const reply = ok ? readClaimReply(response) : ({ ok, problem: sayRefusal(response) } as const);
  if (!reply.ok) {
    log(turn, "warn", `the claim was refused: ${reply.problem}`, { lane: lane.chain });
    if (inTime) endClaim(turn, index, "refused", 0);
    return;
  }
  for (const problem of reply.value.problems) {
    log(turn, "error", `a run that was handed out cannot be read: ${problem}`, {
      lane: lane.chain,
    });
  }
  const fresh = firstOfEach(reply.value.runs).filter((run) => !isKnownRun(turn, run.id));
  if (inTime) endClaim(turn, index, fresh.length > 0 ? "granted" : "empty", fresh.length);
  else onLateRuns(turn, lane, fresh.length);
  for (const run of fresh) takeUp(turn, index, run);
}

function firstOfEach(runs: readonly ClaimedRun[]): readonly ClaimedRun[] {
  return [...new Map(runs.toReversed().map((run) => [run.id, run])).values()].reverse();
}

function onLateRuns(turn: Turn, lane: LaneState, runs: number): void {
  observe(turn, { type: "late-reply", lane: lane.index, runs });
  log(turn, "warn", `a claim was answered after its time, with ${runs} runs: they are taken up`, {
    lane: lane.chain,
  });
}

/** Runs of a worker that died may wait here, as far as there is room besides for what is asked for. */
export function hasRoomForSurplus({ surplus, capacity, claim }: LaneState): boolean {
  return surplus.length + (claim?.demand ?? 0) < capacity * SURPLUS_CAPACITIES;
}

/** Every run that was handed out is run, kept for a free slot, or ended with a reason. */
function takeUp(turn: Turn, index: number, run: ClaimedRun): void {
  const lane = laneAt(turn, index);
  const entry = { type: "claimed", run: run.id, chain: lane.chain, token: run.token } as const;
  turn.effects.push({ type: "journal", entry, reply: false });
  if (turn.state.mode.type === "ending") {
    endUnwanted(turn, run, index, "the worker is stopping");
  } else if (freeSlots(lane) > 0 && lane.surplus.length === 0) {
    beginRun(turn, run, index);
  } else if (lane.surplus.length < lane.capacity * SURPLUS_CAPACITIES) {
    setLane(turn, index, { surplus: [...lane.surplus, run] });
    log(turn, "warn", "the server handed out more than was asked for: the run waits for a slot", {
      lane: lane.chain,
      run: run.id,
    });
  } else {
    endUnwanted(turn, run, index, "the server handed out more runs than this lane can hold");
  }
}

/** Gives the permits back and says when the next claim may go out. */
export function endClaim(turn: Turn, index: number, outcome: ClaimOutcome, runs: number): void {
  const lane = laneAt(turn, index);
  if (lane.claim === undefined) throw new Error(`lane ${lane.chain} ends a claim that is not open`);
  const { settings } = turn.state;
  const tookMs = turn.at - lane.claim.sentAt;
  observe(turn, { type: "claim", lane: index, outcome, runs, tookMs });
  const brought = outcome === "granted";
  const backoffMs = brought
    ? settings.backoffMinMs
    : Math.min(settings.backoffMaxMs, lane.backoffMs * BACKOFF_GROWTH);
  const delayMs = jitter(turn, settings.backoffMinMs, backoffMs);
  const deafUntil =
    !brought && lane.claim.woken ? lane.claim.sentAt + DEAF_AFTER_EMPTY_WAKE_MS : lane.deafUntil;
  const polled = settings.polling ? turn.at + delayMs : Number.POSITIVE_INFINITY;
  setLane(turn, index, {
    claim: undefined,
    backoffMs,
    deafUntil,
    nextClaimAt: lane.woken ? Math.min(polled, Math.max(turn.at, deafUntil)) : polled,
    last: { at: turn.at, outcome, runs },
  });
}

/** `work-available`: every lane with room asks once. One that is asking already remembers it. */
export function wakeLane(turn: Turn, index: number): void {
  const lane = laneAt(turn, index);
  if (!turn.state.settings.polling) return;
  setLane(turn, index, {
    woken: true,
    nextClaimAt: Math.min(lane.nextClaimAt, Math.max(turn.at, lane.deafUntil)),
  });
}

/**
 * Asks as soon as there is room: a slot got free, the channel is joined, or someone said so.
 * A wake-up that was remembered is answered by that, and is not blamed where nothing comes;
 * while a claim is open, nothing can be asked for yet, and it stays remembered.
 */
export function claimSoon(turn: Turn, index: number): void {
  const { claim, woken } = laneAt(turn, index);
  setLane(turn, index, { nextClaimAt: turn.at, woken: claim !== undefined && woken });
}

/** A run has ended: its slot is free, and what it left is asked for at once. */
export function freeSlot(turn: Turn, index: number): void {
  const lane = laneAt(turn, index);
  if (lane.active === 0) throw new Error(`lane ${lane.chain} frees a slot that nothing held`);
  setLane(turn, index, { active: lane.active - 1 });
  if (turn.state.settings.polling) claimSoon(turn, index);
}

/** The queue channel is joined: nothing that waited for a backoff has to wait longer. */
export function onQueueJoined(turn: Turn): void {
  const { settings, lanes } = turn.state;
  for (const lane of lanes) {
    setLane(turn, lane.index, {
      backoffMs: settings.backoffMinMs,
      deafUntil: 0,
      nextClaimAt: settings.polling ? turn.at : Number.POSITIVE_INFINITY,
    });
  }
}

/** The queue channel is gone, and with it every reply: no slot stays held by a claim. */
export function onQueueDown(turn: Turn): void {
  for (const lane of turn.state.lanes) {
    if (lane.claim === undefined) continue;
    log(turn, "warn", "a claim was open when the connection went: what it brought is lost", {
      lane: lane.chain,
    });
    endClaim(turn, lane.index, "lost", 0);
  }
}
