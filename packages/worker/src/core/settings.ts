import { MAX_FRAME_BYTES, type QueueJoinPayload } from "../protocol/index.ts";

/** One group of the configuration, as the parser's plan gives it. */
export interface LaneSettings {
  readonly queues: readonly string[];
  readonly capacity: number;
}

/** How much is held and sent at most. */
export interface Limits {
  /** The largest text inside a frame: the server closes the socket at a frame that is too large. */
  readonly textBytes: number;
  /** With so many events, or bytes, waiting for the server, a run's engine is asked to wait. */
  readonly busyEvents: number;
  readonly busyBytes: number;
  /** With so many times that, log lines are left out. */
  readonly floodFactor: number;
  /** Log lines that travel together. */
  readonly batchBytes: number;
  /** Runs that are only ended with a reason, at once: more are left to the server's janitor. */
  readonly unwantedRuns: number;
}

/** Everything that the core is told once. Times are milliseconds. */
export interface CoreSettings {
  readonly lanes: readonly LaneSettings[];
  readonly join: QueueJoinPayload;
  readonly workerName: string | null;
  readonly workerVersion: string;
  /** False: a lane claims only when it is told to (`--no-loop`). */
  readonly polling: boolean;
  readonly backoffMinMs: number;
  readonly backoffMaxMs: number;
  readonly claimTimeoutMs: number;
  /** How long a join and a message on a run's channel may stay unanswered. */
  readonly messageTimeoutMs: number;
  readonly queueJoinTimeoutMs: number;
  /** How often log lines without an answer are sent again. The other events are sent until the run's token expires. */
  readonly resendLimit: number;
  readonly resendDelayMs: number;
  readonly openTimeoutMs: number;
  readonly heartbeatMs: number;
  /** The longest wait between two tries to open the socket or to join a channel. */
  readonly retryMaxMs: number;
  readonly batchLogs?: { readonly limit: number; readonly intervalMs: number };
  readonly collections?: { readonly url: string; readonly version: string };
  readonly limits: Limits;
  /** What holds for a run whose plan says nothing. */
  readonly run: {
    readonly timeoutMs: number;
    readonly memoryLimitMb: number;
    readonly payloadLimitMb: number;
    readonly logPayloadLimitMb: number;
    readonly statePropsToRemove: readonly string[];
    /** How often the heap of a step is looked at for its peak; absent: not. */
    readonly profilePollMs?: number;
  };
}

/** Sensible values for everything but the lanes. Source: worker-contract 1 and 3. */
export const defaultSettings = {
  workerName: null,
  workerVersion: "0.0.0",
  polling: true,
  backoffMinMs: 1_000,
  backoffMaxMs: 10_000,
  claimTimeoutMs: 20_000,
  messageTimeoutMs: 30_000,
  queueJoinTimeoutMs: 10_000,
  resendLimit: 2,
  resendDelayMs: 0,
  openTimeoutMs: 10_000,
  heartbeatMs: 30_000,
  retryMaxMs: 5_000,
  limits: {
    // Room in the frame for everything besides the largest text in it.
    textBytes: MAX_FRAME_BYTES - 100_000,
    busyEvents: 500,
    busyBytes: 16_000_000,
    floodFactor: 4,
    batchBytes: 4_000_000,
    unwantedRuns: 1_000,
  },
  run: {
    timeoutMs: 300_000,
    memoryLimitMb: 500,
    payloadLimitMb: 10,
    logPayloadLimitMb: 1,
    statePropsToRemove: ["configuration", "response"],
  },
} as const satisfies Omit<CoreSettings, "lanes" | "join">;
