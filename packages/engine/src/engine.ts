/** One job of a plan, as the runtime takes it. */
export interface PlanStep {
  readonly id: string;
  readonly name?: string;
  /** Job source. Absent or empty: the step passes its state through. */
  readonly expression?: string;
  /** `name@version` of each adaptor. */
  readonly adaptors?: readonly string[];
  readonly configuration?: string | Record<string, unknown>;
  readonly state?: Record<string, unknown>;
  readonly next?: Readonly<Record<string, boolean | PlanEdge>>;
}

export interface PlanEdge {
  /** A JavaScript expression over `state` and `upstreamStepId`; absent: unconditional where enabled. */
  readonly condition?: string;
  readonly disabled?: boolean;
}

/** What to execute: steps, where to start, and the globals that every step sees. */
export interface ExecutionPlan {
  readonly id: string;
  readonly name?: string;
  readonly steps: readonly PlanStep[];
  readonly start?: string;
  /** Module source whose named exports become globals of each step. */
  readonly globals?: string;
  /** Merged into the configuration of every step. */
  readonly credentials?: Readonly<Record<string, unknown>>;
}

/** Limits and switches of one run. */
export interface RunOptions {
  /** Wall clock from the start of the run; 0 = none. */
  readonly timeoutMs?: number;
  readonly memoryLimitMb?: number;
  readonly payloadLimitMb?: number;
  readonly logPayloadLimitMb?: number;
  readonly jobLogLevel?: "debug" | "info" | "warn" | "error" | "none";
  readonly sanitize?: "none" | "remove" | "summarize" | "obfuscate";
  readonly statePropsToRemove?: readonly string[];
  /** How often a step's heap is looked at for its peak, which its end then tells; absent: not. */
  readonly profilePollMs?: number;
}

export type ExitReason = "success" | "fail" | "crash" | "kill" | "exception";

/** Why something ended other than well. */
export interface RunError {
  readonly reason: Exclude<ExitReason, "success">;
  /** Subtype, else type, else name. */
  readonly type: string;
  readonly message: string;
}

export type LogLevel = "debug" | "info" | "success" | "always" | "warn" | "error";

/**
 * What a run says of itself, in order, each event once. Times are milliseconds since the epoch.
 * A run that cannot begin (input that is not JSON, an adaptor that cannot be installed) says
 * `workflow-error` without `workflow-start`. Every `step-start` has its `step-complete` before
 * the last event, also where the child process died: the engine then completes the step itself.
 */
export type RunEvent =
  | {
      readonly type: "workflow-start";
      readonly time: number;
      readonly versions: Readonly<Record<string, string | readonly string[]>>;
    }
  | {
      readonly type: "step-start";
      readonly time: number;
      readonly stepId: string;
      readonly visit: number;
    }
  | {
      readonly type: "log";
      readonly time: number;
      readonly stepId?: string;
      readonly level: LogLevel;
      /** Where it was said: R/T, RTE, VER, CMP, JOB, ADA. */
      readonly source: string;
      readonly message: readonly unknown[];
      /** True where the line was over the limit and its text was taken out. */
      readonly redacted?: boolean;
    }
  | {
      readonly type: "step-complete";
      readonly time: number;
      readonly stepId: string;
      readonly visit: number;
      readonly durationMs: number;
      /** Bytes; the peak of the heap where `profilePollMs` asks for it. */
      readonly memory: { readonly job: number; readonly system: number; readonly peak?: number };
      readonly threadId: string;
      /** JSON text of the output, or absent where it is over the payload limit. */
      readonly output?: string;
      readonly outputTooLarge?: true;
      readonly error?: RunError;
      /** JSON text of the output's `webhookResponse`, where that is truthy. */
      readonly webhookResponse?: string;
      /** The steps that will follow from here. */
      readonly next: readonly string[];
    }
  | {
      readonly type: "workflow-complete";
      readonly time: number;
      readonly durationMs: number;
      /** JSON text of the final state (several leaves: keyed by step id, empty ones dropped); absent where the run ended with none. */
      readonly finalState?: string;
      /** The first leaf step, in the plan's order, whose last visit failed: the run's reason is then `fail`. Absent: `success`. */
      readonly error?: RunError;
    }
  | {
      readonly type: "workflow-error";
      readonly time: number;
      readonly durationMs: number;
      /** The step that was open when the run broke; it has been completed with the same error. */
      readonly stepId?: string;
      readonly error: RunError;
    };

/** A run in progress. */
export interface RunningPlan {
  /** Settles after the last event (workflow-complete or workflow-error) was given to the listener. Never rejects. */
  readonly ended: Promise<void>;
  /** Ends the child at once; the last event is a workflow-error with this error. */
  kill(error: RunError): void;
}

export interface EngineOptions {
  readonly repoDir: string;
  readonly monorepoDir?: string;
  /** How many runs at once; the engine refuses one more by throwing: the caller counts. */
  readonly capacity: number;
  /** Of a run whose options name none. */
  readonly memoryLimitMb: number;
  /** The bundle that child processes run. Absent: found beside the running module, see `findChild`. */
  readonly childPath?: string;
  /** Where npm installs adaptors from. Absent: as npm is configured. */
  readonly registry?: string;
  /** Warm children kept ready, at most; absent: as many as memory allows, up to the capacity. */
  readonly spares?: number;
}

/** Executes plans, one child process for each run. */
export interface Engine {
  /** What this machine cannot isolate, one sentence each, for the start-up log. */
  readonly notices: readonly string[];
  /** `lane` names who will start the run, so that a spare with the right adaptors is ready. Input is JSON text. */
  execute(
    plan: ExecutionPlan,
    input: string,
    options: RunOptions,
    lane: string,
    onEvent: (event: RunEvent) => void | Promise<void>,
  ): RunningPlan;
  /** Ends all children. */
  close(): Promise<void>;
}
