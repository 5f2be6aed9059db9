import type { Timestamp } from "./timestamp.ts";

/** What a worker sends on `run:<id>`. Source: worker-contract 4 and lightning-protocol 4. */
export interface RunJoinPayload {
  readonly token: string;
}

/** `fetch:dataclip` and `fetch:credential`. `fetch:plan` carries `{}`. */
export interface FetchPayload {
  readonly id: string;
}

/** Why a run or step ended, in the words of the wire. */
export type WireExitReason = "success" | "fail" | "crash" | "kill" | "cancel" | "exception";

export interface ExitFields {
  readonly reason: WireExitReason;
  readonly error_type: string | null;
  readonly error_message: string | null;
}

export interface RunStartPayload {
  readonly versions: Readonly<Record<string, string | readonly string[]>>;
  readonly timestamp: Timestamp;
}

export interface LogLine {
  readonly message: readonly unknown[];
  readonly source: string;
  readonly level: "success" | "always" | "info" | "warn" | "error" | "debug";
  readonly timestamp: Timestamp;
  readonly step_id?: string;
}

export interface RunLogPayload extends LogLine {
  readonly run_id: string;
}

export interface RunBatchLogsPayload {
  readonly run_id: string;
  readonly logs: readonly LogLine[];
}

export interface StepStartPayload {
  readonly step_id: string;
  readonly job_id: string;
  readonly timestamp: Timestamp;
  /** Absent where the upstream clip was withheld. */
  readonly input_dataclip_id?: string;
}

export interface StepCompletePayload extends ExitFields {
  readonly step_id: string;
  readonly job_id: string;
  /** Bytes. */
  readonly mem: { readonly job: number; readonly system: number; readonly peak?: number };
  /** Milliseconds. */
  readonly duration: number;
  readonly thread_id: string;
  readonly timestamp: Timestamp;
  readonly output_dataclip_id?: string;
  /** JSON text. */
  readonly output_dataclip?: string;
  readonly output_dataclip_error?: "DATACLIP_TOO_LARGE";
  readonly webhook_response?: unknown;
}

export interface RunCompletePayload extends ExitFields {
  readonly timestamp?: Timestamp;
  readonly final_state?: unknown;
  readonly final_dataclip_id?: string;
}
