import type { RunEvent } from "@workloops/engine";
import type { Frame, Read } from "../protocol/index.ts";
import type { KnownEnd } from "./effect.ts";

/** When something happened, on two clocks. Both in milliseconds. */
export interface Instant {
  /** A clock that never goes back; its zero means nothing. Everything waits by this one. */
  readonly at: number;
  /** Since the epoch. Only for times that are told to others, and for those that others told. */
  readonly wall: number;
}

/** What an earlier process left behind in its journal. */
export interface JournalledRun {
  readonly id: string;
  readonly token: string;
  /** The chain of the lane that held it. */
  readonly chain: string;
  /** True where it had begun to execute: it must not be executed again. */
  readonly started: boolean;
  /** Its end, where that may have reached the server: it is reported again, and nothing else. */
  readonly end: KnownEnd | undefined;
}

/** Everything that can happen to a worker. `socket` numbers the sockets that it opened. */
export type Happening =
  | { readonly type: "start"; readonly recovered: readonly JournalledRun[] }
  | { readonly type: "tick" }
  | { readonly type: "socket-open"; readonly socket: number }
  | { readonly type: "socket-frame"; readonly socket: number; readonly frame: Frame }
  | { readonly type: "socket-malformed"; readonly socket: number; readonly problem: string }
  | { readonly type: "socket-closed"; readonly socket: number; readonly reason: string }
  | { readonly type: "token-checked"; readonly run: string; readonly verdict: TokenVerdict }
  | { readonly type: "journalled"; readonly run: string }
  | { readonly type: "run-event"; readonly run: string; readonly event: RunEvent }
  | { readonly type: "run-ended"; readonly run: string }
  /** What a worker held that has died meanwhile, and whose journal was in the folder of this one's. */
  | { readonly type: "inherited"; readonly runs: readonly JournalledRun[] }
  | { readonly type: "claim-now" }
  /** Finish what is held, within this time, and claim no more. */
  | { readonly type: "drain"; readonly withinMs: number }
  /** End at once; what is lost is named. */
  | { readonly type: "stop" };

export type WorkerEvent = Happening & Instant;

/** The time a token ends at, milliseconds since the epoch, where it says one. */
export type TokenVerdict = Read<{ readonly expiresAt: number | undefined }>;
