import type { ConnectionState } from "./connection-state.ts";
import type { LaneState } from "./lane-state.ts";
import type { RandomState } from "./random.ts";
import type { RunState } from "./run/run-state.ts";
import type { CoreSettings } from "./settings.ts";

/**
 * The worker.
 *
 * | mode | what it does | what ends it |
 * |---|---|---|
 * | idle | nothing | `start` |
 * | working | keeps the socket open, claims, runs | `drain`, `stop` |
 * | draining | claims no more, finishes what it holds | nothing held, or the deadline; `stop` |
 * | ending | the deadline is over: runs are killed and reported | nothing held, or one second; `stop` |
 * | stopped | nothing; every event is late and ignored | – |
 *
 * The socket, each channel, each lane and each run have a small machine of their own, described
 * where their states are.
 */
export interface WorkerState {
  readonly settings: CoreSettings;
  readonly mode: Mode;
  readonly random: RandomState;
  readonly connection: ConnectionState;
  readonly lanes: readonly LaneState[];
  readonly runs: ReadonlyMap<string, RunState>;
  /** The ids that ended last, oldest first: a grant that comes twice is known again. */
  readonly endedRuns: readonly string[];
  /** Runs whose plan or content is to be asked for again, in the order in which that is done. */
  readonly waitingToAsk: readonly string[];
  /** When the last event came. */
  readonly steppedAt: number;
  /** Set while a process that slept reads what came meanwhile, before it calls anything late. */
  readonly catchingUpUntil: number | undefined;
}

export type Mode =
  | { readonly type: "idle" }
  | { readonly type: "working" }
  | { readonly type: "draining"; readonly deadline: number }
  | { readonly type: "ending"; readonly deadline: number }
  | { readonly type: "stopped" };
