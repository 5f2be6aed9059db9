import type { Ledger } from "./ledger.ts";
import type { Moment } from "./moment.ts";
import { ok, type Reply } from "./reply.ts";
import type { RunRecord, RunState } from "./run-record.ts";
import { opensRun } from "./run-token.ts";

/**
 * A worker on `run:<id>`. Lightning reads the run once, at the join, and checks every later
 * event against that copy, which only the channel's own events renew: so a worker that kept its
 * channel can complete a run that was called lost meanwhile. Source: protocol page, 4.1 and 5.3.
 */
export interface RunChannel {
  readonly run: RunRecord;
  readonly workerId: string;
  /** The state as this channel knows it. */
  knownState: RunState;
  /** Values of credentials that were handed out here, taken out of later log lines. */
  readonly secrets: Set<string>;
}

export interface JoinAnswer {
  readonly reply: Reply;
  /** Absent where the join was refused. */
  readonly channel?: RunChannel;
}

/**
 * Answers the join of `run:<runId>`. `claims` are those of the token, or undefined where its
 * signature is bad or it is no token at all.
 */
export function joinRun(
  ledger: Ledger,
  runId: string,
  workerId: string,
  claims: unknown,
  moment: Moment,
): JoinAnswer {
  if (!opensRun(claims, runId, moment)) return { reply: refuseJoin("unauthorized") };
  const run = ledger.runs.get(runId);
  if (run === undefined) return { reply: refuseJoin("not_found") };
  const channel = { run, workerId, knownState: run.state, secrets: new Set<string>() };
  return { reply: ok({}), channel };
}

function refuseJoin(reason: "unauthorized" | "not_found"): Reply {
  return { kind: "error", response: { reason } };
}
