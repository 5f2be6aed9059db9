import { type Ledger, queuedRun } from "./ledger.ts";
import type { Moment } from "./moment.ts";
import type { RunRecord } from "./run-record.ts";
import { isFinal } from "./run-record.ts";
import { endRun } from "./run-state.ts";

/**
 * One pass of Lightning's janitor: runs that took longer than their timeout and the grace are
 * lost, and so are steps still open after that. Returns the runs that this pass lost.
 * Source: protocol page, section 5.2.
 */
export function runJanitor(ledger: Ledger, moment: Moment): readonly RunRecord[] {
  const graceUs = ledger.settings.graceSeconds * 1_000_000;
  const lost: RunRecord[] = [];
  for (const { run } of ledger.queue.entries.values()) {
    const record = queuedRun(ledger, run.id);
    const since = record.startedAt ?? record.claimedAt;
    if (record.state === "available" || since === null) continue;
    if (since + record.timeoutMs * 1000 + graceUs < moment.now) lost.push(record);
  }
  for (const run of lost) loseRun(ledger, run, moment);
  closeSteps(ledger, moment, graceUs);
  return lost;
}

/** Calls one run lost, whatever its age. */
export function loseRun(ledger: Ledger, run: RunRecord, moment: Moment): void {
  if (isFinal(run.state)) return;
  run.errorType =
    run.state === "started"
      ? "LostAfterStart"
      : run.state === "claimed"
        ? "LostAfterClaim"
        : "UnknownReason";
  run.changes += 1;
  ledger.counts.lost += 1;
  endRun(ledger, run, "lost", moment.now, null);
  closeStepsOf(run, moment);
}

function closeSteps(ledger: Ledger, moment: Moment, graceUs: number): void {
  for (const id of ledger.endedWithOpenSteps) {
    const run = ledger.runs.get(id);
    if (run !== undefined && (run.finishedAt ?? 0) + graceUs >= moment.now) continue;
    if (run !== undefined) closeStepsOf(run, moment);
    ledger.endedWithOpenSteps.delete(id);
  }
}

function closeStepsOf(run: RunRecord, moment: Moment): void {
  for (const step of run.steps.values()) {
    if (step.finishedAt !== null) continue;
    step.finishedAt = moment.now;
    step.reason = "lost";
  }
}
