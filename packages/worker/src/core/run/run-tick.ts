import { runTopic } from "../../protocol/index.ts";
import type { Turn } from "../turn.ts";
import { deliver } from "./deliver.ts";
import { loseRun } from "./end-run.ts";
import type { RunState } from "./run-state.ts";

/** When a run needs the time, or `undefined` where it only waits for others. */
export function runWakeAt(state: Turn["state"], run: RunState): number | undefined {
  const joined = state.connection.channels.get(runTopic(run.id))?.mode === "joined";
  const batch = joined ? run.outbox.batchDueAt : undefined;
  const expiry = outlivesToken(run, joined) ? undefined : run.expiresAt;
  if (batch === undefined || expiry === undefined) return batch ?? expiry;
  return Math.min(batch, expiry);
}

/** A channel that is joined needs no token any more, and a run that executes may join later. */
function outlivesToken(run: RunState, joined: boolean): boolean {
  const { type } = run.phase;
  if (type === "running" || type === "recording" || type === "closing") return true;
  return type === "reporting" && joined;
}

export function runTick(turn: Turn, id: string): void {
  const run = turn.state.runs.get(id);
  const wakeAt = run === undefined ? undefined : runWakeAt(turn.state, run);
  if (run === undefined || wakeAt === undefined || wakeAt > turn.at) return;
  if (run.outbox.batchDueAt !== undefined && run.outbox.batchDueAt <= turn.at) deliver(turn, id);
  const after = turn.state.runs.get(id);
  if (after === undefined) return;
  const due = runWakeAt(turn.state, after);
  if (due !== undefined && due === after.expiresAt && due <= turn.at) {
    loseRun(turn, after, "its token has expired");
  }
}
