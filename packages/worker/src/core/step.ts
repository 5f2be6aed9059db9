import { QUEUE_TOPIC } from "../protocol/index.ts";
import { openChannel } from "./channel.ts";
import { connectionTick, onFrame, onSocketClosed, onSocketOpen, openSocket } from "./connection.ts";
import { initialConnection } from "./connection-state.ts";
import { beginDrain, pumpDrain, stop } from "./drain.ts";
import type { Effect } from "./effect.ts";
import type { JournalledRun, WorkerEvent } from "./event.ts";
import { claimSoon, hasRoomForSurplus, pumpLane } from "./lane.ts";
import { initialLane } from "./lane-state.ts";
import { handleNotice } from "./notice.ts";
import type { RandomState } from "./random.ts";
import { endAgain, endUnwanted, endWithout, isKnownRun } from "./run/begin-run.ts";
import { askAgain, onJournalled, onRunEnded, onRunEvent, onTokenChecked } from "./run/run.ts";
import type { RunState } from "./run/run-state.ts";
import { runTick } from "./run/run-tick.ts";
import type { CoreSettings } from "./settings.ts";
import type { WorkerState } from "./state.ts";
import { laneAt, log, setLane, type Turn } from "./turn.ts";
import { wakeAt } from "./wake-at.ts";

/** A worker that has not started. `seed` decides everything that is random in its life. */
export function initialState(settings: CoreSettings, seed: RandomState): WorkerState {
  return {
    settings,
    mode: { type: "idle" },
    random: seed,
    connection: initialConnection,
    lanes: settings.lanes.map((lane, index) => initialLane(lane, index, settings.backoffMinMs)),
    runs: new Map(),
    endedRuns: [],
    waitingToAsk: [],
    steppedAt: 0,
    catchingUpUntil: undefined,
  };
}

/**
 * What follows from an event: the whole of the worker's decisions. The same state and event give
 * the same result. An event that cannot come in this state is a bug of the caller and throws.
 */
export function step(
  state: WorkerState,
  event: WorkerEvent,
): { readonly state: WorkerState; readonly effects: readonly Effect[] } {
  if (state.mode.type === "stopped") return { state, effects: [] };
  const turn: Turn = { state, effects: [], notices: [], at: event.at, wall: event.wall };
  react(turn, event);
  for (let notice = turn.notices.shift(); notice !== undefined; notice = turn.notices.shift()) {
    handleNotice(turn, notice);
  }
  askAgain(turn);
  for (const lane of turn.state.lanes) pumpLane(turn, lane.index);
  pumpDrain(turn);
  return { state: { ...turn.state, steppedAt: event.at }, effects: turn.effects };
}

function react(turn: Turn, event: WorkerEvent): void {
  switch (event.type) {
    case "start":
      start(turn, event.recovered);
      return;
    case "tick":
      tick(turn);
      return;
    case "socket-open":
      onSocketOpen(turn, event.socket);
      return;
    case "socket-frame":
      onFrame(turn, event.socket, event.frame);
      return;
    case "socket-malformed":
      log(turn, "warn", `ignored what Lightning sent: ${event.problem}`);
      return;
    case "socket-closed":
      onSocketClosed(turn, event.socket, event.reason);
      return;
    case "inherited":
      inherit(turn, event.runs);
      return;
    case "claim-now":
      for (const lane of turn.state.lanes) claimSoon(turn, lane.index);
      return;
    case "drain":
      beginDrain(turn, event.withinMs);
      return;
    case "stop":
      stop(turn);
      return;
    default:
      reactToRun(turn, event);
  }
}

/** A run is kept until its token is checked and its engine has ended. */
function reactToRun(turn: Turn, event: Extract<WorkerEvent, { readonly run: string }>): void {
  const run: RunState | undefined = turn.state.runs.get(event.run);
  // The journal is as slow as its disk, and the run may have been given up meanwhile.
  if (event.type === "journalled" && run === undefined) return;
  if (run === undefined) {
    throw new Error(`${event.type} for ${event.run}, which is no run of this worker`);
  }
  switch (event.type) {
    case "token-checked":
      onTokenChecked(turn, run, event.verdict);
      return;
    case "journalled":
      onJournalled(turn, run);
      return;
    case "run-event":
      onRunEvent(turn, run, event.event);
      return;
    case "run-ended":
      onRunEnded(turn, run);
      return;
  }
}

function start(turn: Turn, recovered: readonly JournalledRun[]): void {
  const { mode, settings } = turn.state;
  if (mode.type !== "idle") throw new Error(`a worker that is ${mode.type} cannot start`);
  turn.state = { ...turn.state, mode: { type: "working" } };
  openChannel(turn, QUEUE_TOPIC, settings.join, settings.queueJoinTimeoutMs);
  openSocket(turn);
  for (const run of recovered) recover(turn, run);
}

/** What a worker held that has died meanwhile: as at the start, but runs come from the server too. */
function inherit(turn: Turn, runs: readonly JournalledRun[]): void {
  // They stand in our journal by now, and whoever comes after us has the time that we have not.
  if (turn.state.mode.type !== "working") return;
  // What we hold ourselves was handed out twice, and is executed here.
  for (const run of runs.filter(({ id }) => !isKnownRun(turn, id))) {
    const lane = laneOf(turn, run);
    if (isUnbegun(run) && !hasRoomForSurplus(laneAt(turn, lane))) {
      endUnwanted(turn, run, lane, "a worker left more runs than this lane can hold");
    } else recover(turn, run);
  }
}

function isUnbegun({ started, end }: JournalledRun): boolean {
  return !started && end === undefined;
}

function laneOf(turn: Turn, { chain }: JournalledRun): number {
  const same = turn.state.lanes.findIndex((lane) => lane.chain === chain);
  return Math.max(0, same);
}

/** What an earlier process held: it is executed if it had not begun, and ended with a reason if it had. */
function recover(turn: Turn, run: JournalledRun): void {
  const { id, token, started, end } = run;
  const lane = laneOf(turn, run);
  if (end !== undefined) {
    endAgain(turn, { id, token }, lane, end);
    return;
  }
  if (started) {
    endWithout(turn, { id, token }, lane, {
      reason: "crash",
      type: "WorkerDied",
      message: "The worker ended while this run was being executed.",
    });
    return;
  }
  setLane(turn, lane, { surplus: [...laneAt(turn, lane).surplus, { id, token }] });
}

/** So late, a tick means that the process slept or was busy, not that the server was silent. */
const LATE_TICK_MS = 1_000;
/** One that drains has a deadline, and stops for good: a shorter sleep matters to it, once. */
const LATE_DRAIN_TICK_MS = 50;
/** What came meanwhile is read first, for this long, before anything is called unanswered. */
const CATCH_UP_MS = 200;

function tick(turn: Turn): void {
  // What became due by the last event, long ago as it may be, could not be done before it.
  const lateMs = turn.at - Math.max(wakeAt(turn.state), turn.state.steppedAt);
  const { mode, catchingUpUntil } = turn.state;
  const isInNoHurry = mode.type === "working" || catchingUpUntil !== undefined;
  if (lateMs > (isInNoHurry ? LATE_TICK_MS : LATE_DRAIN_TICK_MS)) {
    turn.state = { ...turn.state, catchingUpUntil: turn.at + CATCH_UP_MS };
    log(turn, "warn", "the worker was not scheduled in time", { late_ms: Math.round(lateMs) });
    return;
  }
  turn.state = { ...turn.state, catchingUpUntil: undefined };
  connectionTick(turn);
  for (const run of turn.state.runs.values()) runTick(turn, run);
}
