import type { CompiledTexts } from "./compile-cache.ts";
import type { ExecutionPlan, RunEvent, RunOptions } from "./engine.ts";

/** Has a child execute a plan. The body is the input's JSON text. */
export interface RunMessage {
  readonly type: "run";
  readonly places: AdaptorPlaces;
  readonly plan: ExecutionPlan;
  readonly options: ChildRunOptions;
  /** What need not be compiled again, by step id: JSON texts of `CompiledJob`. */
  readonly compiled: CompiledTexts;
  /** The user to become before any job code runs; absent: stay. */
  readonly uid?: number;
}

/** Has a spare import adaptors (`name@version`) ahead of a run. */
export interface WarmMessage {
  readonly type: "warm";
  readonly places: AdaptorPlaces;
  readonly adaptors: readonly string[];
}

/** Engine to child. */
export type EngineMessage = WarmMessage | RunMessage;

/** Where installed packages lie. */
export interface AdaptorPlaces {
  readonly repoDir: string;
  readonly monorepoDir?: string;
}

/** `RunOptions` without what only the engine's side enforces, limits filled in. */
export interface ChildRunOptions extends Omit<RunOptions, "timeoutMs" | "memoryLimitMb"> {
  readonly memoryLimitMb: number;
}

/**
 * Child to engine. The body of an event is the text of its largest part: a step's output, the
 * final state, the message of a log line.
 */
export type ChildMessage =
  | { readonly type: "ready" }
  /** Its body is JSON of `CompiledTexts`. Comes before any code of the run's own. */
  | { readonly type: "compiled" }
  | { readonly type: "event"; readonly event: RunEvent; readonly hasBody: boolean };
