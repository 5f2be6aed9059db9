import { isRecord, own, RUN_TOKEN_ISSUER } from "@workloops/worker/protocol";
import type { Ledger } from "./ledger.ts";
import type { Moment } from "./moment.ts";
import type { RunRecord } from "./run-record.ts";

/** The claims of a run's token; times are seconds since the epoch. Source: protocol page, section 4.2. */
export interface RunTokenClaims {
  readonly iss: string;
  readonly id: string;
  readonly sub: string;
  readonly nbf: number;
  readonly exp: number;
}

export function runTokenClaims(ledger: Ledger, run: RunRecord, moment: Moment): RunTokenClaims {
  const now = Math.floor(moment.now / 1_000_000);
  // A run that may take longer than the rest must not outlive its token.
  const timeoutMs = Math.max(ledger.settings.runTimeoutMs, run.timeoutMs);
  return {
    iss: RUN_TOKEN_ISSUER,
    id: run.id,
    sub: `run:${run.id}`,
    nbf: now,
    exp: now + Math.ceil(timeoutMs / 1000) + ledger.settings.graceSeconds,
  };
}

/** Whether claims whose signature is good open this run's channel now. */
export function opensRun(claims: unknown, runId: string, moment: Moment): boolean {
  if (!isRecord(claims)) return false;
  const now = moment.now / 1_000_000;
  const [nbf, exp] = [own(claims, "nbf"), own(claims, "exp")];
  return (
    own(claims, "iss") === RUN_TOKEN_ISSUER &&
    own(claims, "id") === runId &&
    own(claims, "sub") === `run:${runId}` &&
    typeof nbf === "number" &&
    nbf <= now &&
    typeof exp === "number" &&
    now < exp
  );
}
