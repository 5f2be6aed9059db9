import type { ExecutionPlan, RunError, RunOptions } from "@workloops/engine";
import type { Frame, WireExitReason } from "../protocol/index.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

/** What a log line is about. Never a payload, a token or a credential. */
export interface LogFields {
  readonly lane?: string;
  readonly run?: string;
  readonly [field: string]: string | number | boolean | undefined;
}

/** How a run ended, as far as it may be written down: what an error says can hold anything. */
export interface KnownEnd {
  readonly reason: WireExitReason;
  readonly errorType: string | null;
}

/** What is written to the journal before it is done. A token only lives there until its run ends. */
export type JournalEntry =
  | {
      readonly type: "claimed";
      readonly run: string;
      readonly chain: string;
      readonly token: string;
    }
  | { readonly type: "started"; readonly run: string }
  /** Its `run:complete` is about to be sent: from here on the server may have its end. */
  | { readonly type: "ending"; readonly run: string; readonly end: KnownEnd }
  | { readonly type: "ended"; readonly run: string };

export type ClaimOutcome = "granted" | "empty" | "refused" | "unanswered" | "lost";

/** A fact for metrics. Times are milliseconds. */
export type Observation =
  | {
      readonly type: "claim";
      readonly lane: number;
      readonly outcome: ClaimOutcome;
      readonly runs: number;
      readonly tookMs: number;
    }
  | { readonly type: "late-reply"; readonly lane: number; readonly runs: number }
  | { readonly type: "run-started"; readonly lane: number; readonly sinceClaimMs: number }
  | {
      readonly type: "run-ended";
      readonly lane: number;
      /** An exit reason, or `lost` where nothing could be reported. */
      readonly outcome: string;
      readonly tookMs: number;
    }
  | { readonly type: "joined"; readonly again: boolean }
  | { readonly type: "disconnected" }
  | { readonly type: "drain"; readonly state: "begun" | "ended"; readonly left: number };

/** What the core wants done. The driver does them in this order and decides nothing. */
export type Effect =
  | { readonly type: "open-socket"; readonly socket: number }
  | { readonly type: "close-socket"; readonly socket: number }
  | { readonly type: "send"; readonly socket: number; readonly frame: Frame }
  | { readonly type: "check-token"; readonly run: string; readonly token: string }
  /** `reply`: a `journalled` event is owed once the entry outlives this process. */
  | { readonly type: "journal"; readonly entry: JournalEntry; readonly reply: boolean }
  | {
      readonly type: "execute";
      readonly run: string;
      readonly lane: string;
      readonly plan: ExecutionPlan;
      /** JSON text. */
      readonly input: string;
      readonly options: RunOptions;
    }
  | { readonly type: "kill"; readonly run: string; readonly error: RunError }
  | {
      readonly type: "log";
      readonly level: LogLevel;
      readonly message: string;
      readonly fields: LogFields;
    }
  | { readonly type: "observe"; readonly observation: Observation }
  /** The worker is done; `left` names the runs that it held and could not finish. */
  | { readonly type: "stopped"; readonly left: readonly string[] };
