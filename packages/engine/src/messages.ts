import type { CompiledTexts } from "./compile-cache.ts";
import type { ExecutionPlan, RunEvent, RunOptions } from "./engine.ts";

/** Has a child execute a plan. The body is the input's JSON text. */
export interface RunMessage {
  readonly type: "run";
  readonly places: AdaptorPlaces;
  readonly packs: PackPlaces;
  /** Everything installed that its jobs may load, as `neededPackages` gives it. */
  readonly adaptors: readonly string[];
  readonly plan: ExecutionPlan;
  readonly options: ChildRunOptions;
  /** What need not be compiled again, by step id: JSON texts of `CompiledJob`. */
  readonly compiled: CompiledTexts;
  readonly user: RunUser;
}

/** Has a spare import adaptors (`name@version`) ahead of a run. */
export interface WarmMessage {
  readonly type: "warm";
  readonly places: AdaptorPlaces;
  readonly packs: PackPlaces;
  readonly adaptors: readonly string[];
  readonly user: RunUser;
}

/** Has a child put an adaptor (`name@version`) into a pack. */
export interface PackMessage {
  readonly type: "pack";
  readonly places: AdaptorPlaces;
  readonly adaptor: string;
  readonly user: RunUser;
}

/** Has a child load one pack, and say what V8 has compiled of it. */
export interface CodeMessage {
  readonly type: "code";
  readonly pack: PackPlace;
  readonly user: RunUser;
}

/** Engine to child. */
export type EngineMessage = WarmMessage | RunMessage | PackMessage | CodeMessage;

/** Where the pack of an adaptor is. */
export interface PackPlace {
  /** The adaptor's folder. */
  readonly root: string;
  /** What V8 has compiled of it. */
  readonly codeFile?: string;
}

/** The packs that there are, by what the adaptor is asked for as (`name@version`). */
export type PackPlaces = Readonly<Record<string, PackPlace>>;

/** Who a child becomes. */
export interface RunUser {
  /** Absent: it stays who it is. */
  readonly uid?: number;
  /** True where that user can read the installed packages. */
  readonly mayRead: boolean;
}

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
  /** Its body is the pack; empty where the adaptor cannot have one. */
  | { readonly type: "packed" }
  /** Its body is V8's data in base64. */
  | { readonly type: "code" }
  /** Its body is JSON of `CompiledTexts`. Comes before any code of the run's own. */
  | { readonly type: "compiled" }
  | { readonly type: "event"; readonly event: RunEvent; readonly hasBody: boolean };
