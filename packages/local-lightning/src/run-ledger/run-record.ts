import type { QueuedRun } from "../queue.ts";

export const finalStates = [
  "success",
  "failed",
  "crashed",
  "cancelled",
  "killed",
  "exception",
  "lost",
] as const;

export type FinalState = (typeof finalStates)[number];
export type RunState = "available" | "claimed" | "started" | FinalState;

export function isFinal(state: RunState): state is FinalState {
  return (finalStates as readonly string[]).includes(state);
}

/** What `fetch:plan` answers. Fields beyond these travel as they were given. */
export interface Plan {
  readonly id: string;
  readonly project_id: string;
  readonly starting_node_id?: string;
  readonly dataclip_id: string | null;
  readonly triggers: readonly { readonly id: string }[];
  readonly jobs: readonly { readonly id: string }[];
  readonly edges: readonly { readonly id: string }[];
  readonly options: { readonly [option: string]: unknown };
  readonly meta: Readonly<Record<string, string>>;
}

/** A step, as the worker told of it. Times are microseconds since the epoch. */
export interface StepRecord {
  readonly id: string;
  readonly jobId: string;
  readonly inputDataclipId: string | null;
  readonly credentialId: string | null;
  readonly startedAt: number;
  outputDataclipId: string | null;
  outputError: string | null;
  finishedAt: number | null;
  reason: string | null;
  errorType: string | null;
  errorMessage: string | null;
  /** Bytes. */
  mem: { readonly job: number | null; readonly system: number | null } | null;
  /** Milliseconds, as the worker measured them. */
  duration: number | null;
  threadId: string | null;
}

export interface LogRecord {
  readonly id: string;
  readonly stepId: string | null;
  readonly level: string;
  readonly source: string | null;
  readonly message: string;
  /** Microseconds since the epoch. */
  readonly timestamp: number;
}

/** An event of the run as it came in, with how it was answered. */
export interface EventRecord {
  readonly at: number;
  readonly event: string;
  readonly answer: "ok" | "error" | "dataclip" | "crash";
  readonly workerId: string;
}

/** Each time that something ended the run; a run that was treated well has one. */
export interface RunEnd {
  readonly at: number;
  readonly state: FinalState;
  /** Null: the janitor. */
  readonly workerId: string | null;
}

/** All that is known of one run. Times are microseconds since the epoch. */
export interface RunRecord {
  readonly id: string;
  readonly workOrderId: string;
  readonly queued: QueuedRun;
  readonly plan: Plan;
  readonly timeoutMs: number;
  readonly savesDataclips: boolean;
  readonly credentials: ReadonlyMap<string, unknown>;
  /** JSON text by dataclip id; null where it was wiped or not kept. */
  readonly dataclips: Map<string, string | null>;
  readonly statusCodes: { readonly success: number; readonly error: number };
  readonly steps: Map<string, StepRecord>;
  readonly logs: LogRecord[];
  readonly events: EventRecord[];
  readonly ends: RunEnd[];
  /** How often it has changed since it was made, so that a watcher knows what it has seen. */
  changes: number;
  /** Text held: plan, input, logs, dataclips, final state. */
  keptCharacters: number;
  logsDropped: number;
  state: RunState;
  workerName: string | null;
  /** Who claimed it last, and with which chain. */
  workerId: string | null;
  chain: string | null;
  claimedAt: number | null;
  startedAt: number | null;
  /** The worker's own timestamp of `run:start`, to tell a resent one from a second start. */
  startStamp: unknown;
  finishedAt: number | null;
  reason: string | null;
  errorType: string | null;
  errorMessage: string | null;
  finalState: unknown;
  finalDataclipId: string | null;
  webhookResponse: unknown;
}
