import { runTopic } from "../../protocol/index.ts";
import { closeChannel } from "../channel.ts";
import { freeSlot } from "../lane.ts";
import { laneAt, log, observe, setRun, type Turn } from "../turn.ts";
import { emptyOutbox } from "./outbox.ts";
import type { RunState } from "./run-state.ts";

/** How many ended runs are known again when they are handed out a second time. */
const MAX_ENDED_RUNS = 1_000;

export function fieldsOf(turn: Turn, run: RunState): { lane: string; run: string } {
  return { lane: laneAt(turn, run.lane).chain, run: run.id };
}

/** Everything is reported, or nothing more can be: forgets the run once the engine has ended it. */
export function closeRun(turn: Turn, run: RunState): void {
  closeChannel(turn, runTopic(run.id));
  if (run.engineAlive) {
    setRun(turn, { ...run, phase: { type: "closing" }, outbox: emptyOutbox });
    return;
  }
  const runs = new Map(turn.state.runs);
  runs.delete(run.id);
  const endedRuns = [...turn.state.endedRuns, run.id].slice(-MAX_ENDED_RUNS);
  turn.state = { ...turn.state, runs, endedRuns };
  const { outcome } = run;
  observe(turn, { type: "run-ended", lane: run.lane, outcome, tookMs: turn.at - run.claimedAt });
  log(turn, "info", `ended: ${outcome}`, fieldsOf(turn, run));
  turn.effects.push({ type: "journal", entry: { type: "ended", run: run.id }, reply: false });
  if (run.holdsSlot) freeSlot(turn, run.lane);
}

/** Nothing can be reported of it any more: what it still does is of no use. */
export function loseRun(turn: Turn, run: RunState, why: string): void {
  log(turn, "error", `lost: ${why}`, fieldsOf(turn, run));
  if (run.engineAlive) {
    const error = { reason: "exception", type: "WorkerStopped", message: why } as const;
    turn.effects.push({ type: "kill", run: run.id, error });
  }
  closeRun(turn, { ...run, outcome: "lost" });
}
