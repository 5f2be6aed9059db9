/**
 * The socket.
 *
 * | mode | waits for | ends by |
 * |---|---|---|
 * | closed | `start` | – |
 * | waiting | its time to try again (full jitter, capped) | opening |
 * | opening | `socket-open`; `socket-closed` or too long a time: waiting | open |
 * | open | frames; sends a heartbeat each interval, and closes where the last one is unanswered | `socket-closed`: waiting |
 */
export type Socket =
  | { readonly mode: "closed" }
  | { readonly mode: "waiting"; readonly until: number }
  | { readonly mode: "opening"; readonly id: number; readonly deadline: number }
  | {
      readonly mode: "open";
      readonly id: number;
      readonly beatAt: number;
      /** The heartbeat that is not answered yet. */
      readonly beatRef: string | undefined;
    };

/**
 * One channel. There is one for each topic at any time: joining again leaves first.
 *
 * | mode | waits for | ends by |
 * |---|---|---|
 * | offline | the socket | joining |
 * | joining | the reply; refused or too late: waiting | joined |
 * | joined | messages; an error or a close from the server: waiting | – |
 * | waiting | its time to try again (full jitter, capped) | joining |
 *
 * A socket that closes takes every channel to offline.
 */
export type Channel = ChannelIdentity &
  (
    | { readonly mode: "offline" }
    | { readonly mode: "joining"; readonly joinRef: string; readonly deadline: number }
    | { readonly mode: "joined"; readonly joinRef: string }
    | { readonly mode: "waiting"; readonly until: number }
  );

export interface ChannelIdentity {
  readonly topic: string;
  readonly payload: unknown;
  readonly joinTimeoutMs: number;
  /** Tries since the last join that was answered well. */
  readonly attempt: number;
}

/** A message that wants an answer. */
export interface Request {
  readonly topic: string;
  readonly purpose: Purpose;
  readonly deadline: number;
  /** Over its time. It is still known, so that runs in a late claim reply are not ignored. */
  readonly late: boolean;
}

export type Purpose =
  | { readonly type: "claim"; readonly lane: number }
  | { readonly type: "plan"; readonly run: string }
  | { readonly type: "dataclip"; readonly run: string }
  | { readonly type: "credential"; readonly run: string; readonly credential: string }
  | { readonly type: "report"; readonly run: string };

export interface ConnectionState {
  readonly socket: Socket;
  /** How many sockets were opened: the last one's number. */
  readonly sockets: number;
  /** Tries since `worker:queue` was joined last. */
  readonly attempt: number;
  /** True once `worker:queue` has been joined: from then on a join is one after a reconnect. */
  readonly everJoined: boolean;
  readonly lastRef: number;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly requests: ReadonlyMap<string, Request>;
  /** Until then further replies that cannot be read are counted, and not told one by one. */
  readonly malformed: { readonly quietUntil: number; readonly untold: number };
}

export const initialConnection: ConnectionState = {
  socket: { mode: "closed" },
  sockets: 0,
  attempt: 0,
  everJoined: false,
  lastRef: 0,
  channels: new Map(),
  requests: new Map(),
  malformed: { quietUntil: 0, untold: 0 },
};
