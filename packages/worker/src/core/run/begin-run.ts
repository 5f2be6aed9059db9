import type { RunError } from "@workloops/engine";
import type { ClaimedRun } from "../../protocol/index.ts";
import type { KnownEnd } from "../effect.ts";
import { laneAt, log, observe, setLane, setRun, type Turn } from "../turn.ts";
import { emptyOutbox, enqueue } from "./outbox.ts";
import { emptyReport, reportEndAgain } from "./report.ts";
import type { RunState } from "./run-state.ts";

/** How long after a run's time is over its token is taken to live where it does not say so. */
export const TOKEN_GRACE_MS = 60_000;

/** The server handed this run out: it takes a slot of the lane at once, whatever is checked later. */
export function beginRun(turn: Turn, claimed: ClaimedRun, lane: number): void {
  setLane(turn, lane, { active: laneAt(turn, lane).active + 1 });
  create(turn, claimed, lane, true, undefined);
  log(turn, "info", "claimed", { lane: laneAt(turn, lane).chain, run: claimed.id });
}

/** Ends a run that cannot be executed here, so that the server need not wait for its janitor. */
export function endUnwanted(turn: Turn, claimed: ClaimedRun, lane: number, why: string): void {
  endWithout(turn, claimed, lane, {
    reason: "exception",
    type: "WorkerStopped",
    message: `The worker did not execute this run: ${why}.`,
  });
}

/** Reports an end for a run without executing it. It holds no slot. */
export function endWithout(turn: Turn, claimed: ClaimedRun, lane: number, verdict: RunError): void {
  const fields = { lane: laneAt(turn, lane).chain, run: claimed.id };
  const unwanted = [...turn.state.runs.values()].filter((run) => !run.holdsSlot).length;
  if (unwanted >= turn.state.settings.limits.unwantedRuns) {
    log(turn, "error", `given up without a report: ${verdict.message}`, fields);
    turn.effects.push({
      type: "journal",
      entry: { type: "ended", run: claimed.id },
      reply: false,
    });
    observe(turn, { type: "run-ended", lane, outcome: "lost", tookMs: 0 });
    return;
  }
  create(turn, claimed, lane, false, verdict);
  log(turn, "warn", verdict.message, fields);
}

/** Reports the end that an earlier process may have reported: the same, and nothing beside it. */
export function endAgain(turn: Turn, claimed: ClaimedRun, lane: number, end: KnownEnd): void {
  const run = create(turn, claimed, lane, false, undefined);
  setRun(turn, { ...run, outcome: end.reason, outbox: enqueue(run.outbox, reportEndAgain(end)) });
}

/** True for a run that is held, waits, or has ended lately: a grant that comes twice runs once. */
export function isKnownRun(turn: Turn, id: string): boolean {
  const { runs, endedRuns, lanes } = turn.state;
  return (
    runs.has(id) ||
    endedRuns.includes(id) ||
    lanes.some((lane) => lane.surplus.some((run) => run.id === id))
  );
}

function create(
  turn: Turn,
  { id, token }: ClaimedRun,
  lane: number,
  holdsSlot: boolean,
  verdict: RunError | undefined,
): RunState {
  turn.effects.push({ type: "check-token", run: id, token });
  return setRun(turn, {
    id,
    token,
    lane,
    holdsSlot,
    claimedAt: turn.at,
    expiresAt: turn.at + turn.state.settings.run.timeoutMs + TOKEN_GRACE_MS,
    expiryKnown: false,
    phase: { type: "checking" },
    refusals: 0,
    verdict,
    engineAlive: false,
    report: emptyReport,
    outbox: emptyOutbox,
    outcome: "lost",
  });
}
