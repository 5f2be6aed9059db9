import type { ExecutionPlan, RunEvent, RunOptions } from "./engine.ts";

/** An adaptor to import ahead of a run: package name and installed version. */
export interface WarmAdaptor {
  readonly name: string;
  readonly version: string;
}

/** Engine to child. The body of `run` is the input's JSON text. */
export type EngineMessage =
  | { readonly type: "warm"; readonly places: AdaptorPlaces; readonly adaptors: readonly string[] }
  | {
      readonly type: "run";
      readonly places: AdaptorPlaces;
      readonly plan: ExecutionPlan;
      readonly options: ChildRunOptions;
      /** The user to become before any job code runs; absent: stay. */
      readonly uid?: number;
    };

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
  | { readonly type: "event"; readonly event: RunEvent; readonly hasBody: boolean };
