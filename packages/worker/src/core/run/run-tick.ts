import { runTopic } from "../../protocol/index.ts";
import { isJoined } from "../channel.ts";
import type { Turn } from "../turn.ts";
import { deliver } from "./deliver.ts";
import { loseRun } from "./end-run.ts";
import type { RunState } from "./run-state.ts";

const NEVER = Number.POSITIVE_INFINITY;

/** When a run needs the time; infinite where it only waits for others. */
export function runWakeAt(turn: Pick<Turn, "state">, run: RunState): number {
  const joined = isJoined(turn, runTopic(run.id));
  if (!outlivesToken(run, joined)) return run.expiresAt;
  return joined ? (run.outbox.batchDueAt ?? NEVER) : NEVER;
}

/** A channel that is joined needs no token any more, and a run that executes may join later. */
function outlivesToken({ phase: { type } }: RunState, joined: boolean): boolean {
  if (joined || type === "checking" || type === "closing") return true;
  return type === "recording" || type === "running";
}

export function runTick(turn: Turn, run: RunState): void {
  if (runWakeAt(turn, run) > turn.at) return;
  if (outlivesToken(run, isJoined(turn, runTopic(run.id)))) deliver(turn, run);
  else loseRun(turn, run, "its token has expired");
}
