/**
 * A run's states, the validation of every event and the exact answer to it, and a record of what
 * a worker did that it must not. Pure: time, ids and tokens come in as arguments.
 *
 * `createLedger` makes one; `addRun` puts a run in; `joinQueue` and `claimRuns` answer on
 * `worker:queue`; `joinRun` and `handleRunEvent` answer on `run:<id>`; `runJanitor` loses what
 * took too long. `ledger.violations` and each run's `ends` and `events` are there to judge by.
 */
export { addRun, type NewRun, type QueueName, queueNames } from "./run-ledger/add-run.ts";
export {
  type ClaimAnswer,
  type ClaimOptions,
  claimRuns,
  joinQueue,
  releaseRuns,
} from "./run-ledger/claim-runs.ts";
export { loseRun, runJanitor } from "./run-ledger/janitor.ts";
export {
  createLedger,
  defaultLedgerSettings,
  type Ledger,
  type LedgerSettings,
  queuedRun,
  type WorkerRecord,
} from "./run-ledger/ledger.ts";
export type { Moment } from "./run-ledger/moment.ts";
export type { Reply } from "./run-ledger/reply.ts";
export { type Retry, retryRun } from "./run-ledger/retry-run.ts";
export { type JoinAnswer, joinRun, type RunChannel } from "./run-ledger/run-channel.ts";
export { handleRunEvent } from "./run-ledger/run-event.ts";
export {
  type EventRecord,
  type FinalState,
  isFinal,
  type LogRecord,
  type Plan,
  type RunEnd,
  type RunRecord,
  type RunState,
  type StepRecord,
} from "./run-ledger/run-record.ts";
export { opensRun, type RunTokenClaims, runTokenClaims } from "./run-ledger/run-token.ts";
export {
  recordViolation,
  type Violation,
  type ViolationKind,
  type ViolationLog,
  violationMeanings,
} from "./run-ledger/violation.ts";
