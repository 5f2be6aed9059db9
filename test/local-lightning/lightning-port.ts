/** An answer as a worker sees it. A dataclip's response is its text. */
export interface Answer {
  readonly status: "ok" | "error" | "crash";
  readonly response: unknown;
}

/** A run to be made, in the words that both the pure parts and HTTP understand. */
export interface RunSpec {
  readonly queue?: "default" | "fast_lane" | "manual";
  readonly jobs?: readonly string[];
  readonly input?: unknown;
  readonly credentials?: Readonly<Record<string, unknown>>;
  readonly savesDataclips?: boolean;
}

/** What is known of a run afterwards. */
export interface RunOutcome {
  readonly state: string;
  readonly workerName: string | null;
  readonly reason: string | null;
  readonly errorType: string | null;
  readonly finalState: unknown;
  readonly startedAt: number | null;
  readonly logs: readonly { readonly message: string; readonly level: string }[];
  readonly steps: readonly {
    readonly id: string;
    readonly reason: string | null;
    readonly output: unknown;
  }[];
  readonly ends: readonly string[];
}

/** A worker's side of the wire, one request at a time. */
export interface PortWorker {
  readonly joinQueue: (payload: unknown) => Promise<Answer>;
  readonly claim: (payload: unknown) => Promise<Answer>;
  /** Joins, or joins again, `run:<id>`. */
  readonly joinRun: (runId: string, payload: unknown) => Promise<Answer>;
  /** Any event on a run that was joined. */
  readonly event: (runId: string, event: string, payload: unknown) => Promise<Answer>;
}

/**
 * A Lightning as the conformance suite sees it, so that the same tests hold for the pure parts,
 * as a simulator wires them, and for the server over its sockets.
 */
export interface LightningPort {
  readonly addRun: (spec?: RunSpec) => Promise<string>;
  readonly worker: (id: string) => Promise<PortWorker>;
  readonly outcome: (runId: string) => Promise<RunOutcome>;
  /** Calls a run lost, as the janitor does. */
  readonly lose: (runId: string) => Promise<void>;
  readonly violations: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}
