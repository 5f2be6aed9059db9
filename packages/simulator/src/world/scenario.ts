import type { CoreSettings } from "@workloops/worker/core";
import type { RowNumber } from "./matrix.ts";
import type { FailAt } from "./operations.ts";

/** Everything that a world is made of. It is plain data, so that a failing one can be made smaller. */
export interface Scenario {
  readonly seed: number;
  /** A workloops configuration. */
  readonly configuration: string;
  /** The rows of the matrix that strike here. */
  readonly rows: readonly RowNumber[];
  /** The only chain that faults strike; absent: all, and the connection too. */
  readonly aimedAt?: string;
  /** How likely a row strikes where it can, 0 to 1. */
  readonly rate: number;
  /** Runs that are put in the queue, one about every `arrivalMs`. */
  readonly runs: number;
  readonly arrivalMs: number;
  /** No fault strikes after this time: what was wrong has to come right. */
  readonly healAtMs: number;
  readonly latencyMs: { readonly from: number; readonly to: number };
  readonly timing: Pick<
    CoreSettings,
    | "backoffMinMs"
    | "backoffMaxMs"
    | "claimTimeoutMs"
    | "messageTimeoutMs"
    | "queueJoinTimeoutMs"
    | "openTimeoutMs"
    | "heartbeatMs"
    | "retryMaxMs"
  >;
  readonly batchLogs: boolean;
  readonly wakeUps: boolean;
  /** How long the server gathers new runs before it wakes workers. */
  readonly wakeUpWindowMs: number;
  /** Whether run tokens are verified, which takes time. */
  readonly checksTokens: boolean;
  /** Whether a run's token ends soon after its time, as it does with Lightning. */
  readonly shortTokens: boolean;
  /** Whether jobs may use collections. */
  readonly collections: boolean;
  readonly resendDelayMs: number;
  /** False: lanes claim only when they are told to. */
  readonly polling: boolean;
  /** `slow`: kept, on a disk that may take seconds. */
  readonly journal: "kept" | "slow" | "none" | "full";
  /** Whether the server puts runs back where the socket is dead at the reply. */
  readonly rollback: boolean;
  readonly keyClash: "error" | "crash";
  readonly drainMs: number;
  /** Whether plans leave out what they may: their project, the id of a trigger, the usual time. */
  readonly leanPlans?: boolean;
  /** The one operation that fails, whatever the rows do. */
  readonly failAt?: FailAt;
}
