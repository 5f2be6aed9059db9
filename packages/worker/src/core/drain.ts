import { QUEUE_TOPIC } from "../protocol/index.ts";
import { closeChannel } from "./channel.ts";
import { closeSocket } from "./connection.ts";
import { endUnwanted } from "./run/begin-run.ts";
import { conclude } from "./run/run.ts";
import type { RunState } from "./run/run-state.ts";
import { log, observe, setLane, setRun, type Turn } from "./turn.ts";

/** After the deadline, how long the reports of killed runs may take. */
const LAST_REPORTS_MS = 800;

export function beginDrain(turn: Turn, withinMs: number): void {
  const { mode, runs } = turn.state;
  if (mode.type === "idle") {
    stop(turn);
    return;
  }
  if (mode.type !== "working") return;
  turn.state = { ...turn.state, mode: { type: "draining", deadline: turn.at + withinMs } };
  observe(turn, { type: "drain", state: "begun", left: runs.size });
  log(turn, "info", `draining: ${runs.size} runs are held, and no more are claimed`, {
    within_ms: withinMs,
  });
}

/** Ends the worker as soon as it holds nothing, and ends what it holds at the deadline. */
export function pumpDrain(turn: Turn): void {
  const { mode } = turn.state;
  if (mode.type !== "draining" && mode.type !== "ending") return;
  // It slept past its deadline: runs may have been handed to it meanwhile, and are read first.
  if (turn.state.catchingUpUntil !== undefined) return;
  if (mode.deadline <= turn.at) {
    if (mode.type === "ending") {
      stop(turn);
      return;
    }
    endEverything(turn);
  }
  if (holdsNothing(turn)) stop(turn);
}

function holdsNothing({ state }: Turn): boolean {
  // A run of the surplus waits for a slot, and those are held by runs.
  return state.runs.size === 0 && state.lanes.every((lane) => lane.claim === undefined);
}

/** The time to finish is over: what runs is killed, what waits is ended, and each is reported. */
function endEverything(turn: Turn): void {
  turn.state = { ...turn.state, mode: { type: "ending", deadline: turn.at + LAST_REPORTS_MS } };
  log(turn, "warn", "the time to drain is over: what is left is ended", {
    runs: [...turn.state.runs.keys()].join(" "),
  });
  for (const lane of turn.state.lanes) {
    setLane(turn, lane.index, { claim: undefined, surplus: [] });
    for (const run of lane.surplus) endUnwanted(turn, run, lane.index, "the worker is stopping");
  }
  for (const run of turn.state.runs.values()) endRun(turn, run);
}

function endRun(turn: Turn, run: RunState): void {
  const error = {
    reason: "exception",
    type: "WorkerStopped",
    message: "The worker was stopped before this run was finished.",
  } as const;
  switch (run.phase.type) {
    case "checking":
    case "joining":
      setRun(turn, { ...run, verdict: run.verdict ?? error });
      return;
    case "planning":
    case "loading":
    case "recording":
      conclude(turn, run, error);
      return;
    case "running":
      turn.effects.push({ type: "kill", run: run.id, error });
      return;
    // One that is being reported, or was, ends by itself.
  }
}

/** Ends at once, and names what is lost by that. */
export function stop(turn: Turn): void {
  const { mode, runs, lanes } = turn.state;
  const left = [...runs.keys(), ...lanes.flatMap((lane) => lane.surplus.map((run) => run.id))];
  closeChannel(turn, QUEUE_TOPIC);
  closeSocket(turn);
  turn.state = { ...turn.state, mode: { type: "stopped" }, waitingToAsk: [] };
  if (mode.type === "draining" || mode.type === "ending") {
    observe(turn, { type: "drain", state: "ended", left: left.length });
  }
  if (left.length > 0) {
    log(turn, "error", `stopped with ${left.length} runs not finished`, { runs: left.join(" ") });
  }
  turn.effects.push({ type: "stopped", left });
}
