import type {
  Engine,
  JournalEntry,
  JournalledRun,
  LogFields,
  LogLevel,
  Observation,
  TokenVerdict,
} from "./core/index.ts";
import type { Frame } from "./protocol/index.ts";

/** Two clocks and one alarm. */
export interface Clock {
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /** Milliseconds since the epoch. */
  wall(): number;
  /** Calls `wake` once, not before `at` on the clock of `now`. The answer takes the call back. */
  wakeAt(at: number, wake: () => void): () => void;
}

/** What a socket tells. `closed` is its last word, also where it never opened. */
export type SocketEvent =
  | { readonly type: "open" }
  | { readonly type: "frame"; readonly frame: Frame }
  | { readonly type: "malformed"; readonly problem: string }
  | { readonly type: "closed"; readonly reason: string };

/** A socket to the server that is open, or about to be. */
export interface TransportSocket {
  /** Hands a frame to the socket. A frame for a socket that has closed is lost, as on any wire. */
  send(frame: Frame): void;
  /** Flushes what was sent, then closes. Safe to call twice. */
  close(): void;
}

export interface Transport {
  /**
   * Begins to open a socket. Never throws: what fails is a `closed` event. The listener is called
   * later, never before this returns.
   */
  open(listener: (event: SocketEvent) => void): TransportSocket;
}

export interface Tokens {
  /** Judges the token of a run. Never rejects: a bad token is a value. */
  check(token: string, run: string): Promise<TokenVerdict>;
}

export interface Journal {
  /** What an earlier process left behind. */
  recovered(): readonly JournalledRun[];
  /**
   * Settles once the entry outlives this process. Never rejects: a journal that cannot be
   * written says so in `problem`, and the worker goes on without it.
   */
  append(entry: JournalEntry): Promise<void>;
  /** Why nothing is written, or `undefined`. */
  problem(): string | undefined;
}

export type Log = (level: LogLevel, message: string, fields: LogFields) => void;
export type Observe = (observation: Observation) => void;

/** Everything that a driver needs of the world. */
export interface Ports {
  readonly clock: Clock;
  readonly transport: Transport;
  readonly tokens: Tokens;
  readonly journal: Journal;
  readonly engine: Pick<Engine, "execute">;
  readonly log: Log;
  readonly observe: Observe;
}

/** A worker without a journal: nothing outlives it. */
export const noJournal: Journal = {
  recovered: () => [],
  append: () => Promise.resolve(),
  problem: () => undefined,
};
