import { leave, resume } from "../queue.ts";
import type { Ledger } from "./ledger.ts";
import type { FinalState, RunRecord } from "./run-record.ts";
import { isFinal } from "./run-record.ts";

/** Moves a run to `started`, whatever it was before: Lightning does not check. */
export function startRun(ledger: Ledger, run: RunRecord, at: number, workerId: string): void {
  if (isFinal(run.state)) {
    ledger.ended.delete(run.id);
    resume(ledger.queue, run.queued);
  }
  if (run.state === "available") {
    // Nobody claimed it and yet it runs: no other worker may get it too.
    leave(ledger.queue, run.id);
    resume(ledger.queue, run.queued);
  }
  if (run.workerId !== null) ledger.started.get(run.workerId)?.delete(run);
  run.workerId = workerId;
  run.state = "started";
  run.startedAt = at;
  const started = ledger.started.get(workerId);
  if (started === undefined) ledger.started.set(workerId, new Set([run]));
  else started.add(run);
}

/** A run that was treated well has one; a worker that starts and ends one for ever must not fill the memory. */
const endsKept = 100;

/** Moves a run to a final state and out of the queue. */
export function endRun(
  ledger: Ledger,
  run: RunRecord,
  state: FinalState,
  at: number,
  workerId: string | null,
): void {
  run.state = state;
  run.finishedAt = at;
  if (run.ends.length < endsKept) run.ends.push({ at, state, workerId });
  leave(ledger.queue, run.id);
  ledger.ended.delete(run.id);
  ledger.ended.add(run.id);
  if ([...run.steps.values()].some((step) => step.finishedAt === null))
    ledger.endedWithOpenSteps.add(run.id);
  if (run.workerId === null) return;
  const started = ledger.started.get(run.workerId);
  started?.delete(run);
  if (started?.size === 0) ledger.started.delete(run.workerId);
}
