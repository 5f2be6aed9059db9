import { type Frame, phoenix } from "../protocol/index.ts";
import type { Channel, ChannelIdentity, Purpose, Request } from "./connection-state.ts";
import { jitter, setChannel, setConnection, type Turn } from "./turn.ts";

/** The first wait before a try is at most this long; it doubles with each try. */
const FIRST_RETRY_MS = 250;

/** How long to wait before the try after `attempt` tries. */
export function retryDelayMs(turn: Turn, attempt: number): number {
  const ceiling = Math.min(
    turn.state.settings.retryMaxMs,
    FIRST_RETRY_MS * 2 ** Math.min(attempt, 20),
  );
  return jitter(turn, Math.min(50, ceiling), ceiling);
}

/** Opens a channel on this topic, at once or as soon as there is a socket. */
export function openChannel(
  turn: Turn,
  topic: string,
  payload: unknown,
  joinTimeoutMs: number,
): void {
  if (turn.state.connection.channels.has(topic)) throw new Error(`${topic} has a channel already`);
  join(turn, { topic, payload, joinTimeoutMs, attempt: 0 });
}

/** Leaves it for good. What was asked on it is forgotten. */
export function closeChannel(turn: Turn, topic: string): void {
  const channel = turn.state.connection.channels.get(topic);
  if (channel === undefined) return;
  leave(turn, channel);
  const channels = new Map(turn.state.connection.channels);
  channels.delete(topic);
  setConnection(turn, { channels });
  dropRequests(turn, topic);
}

/** Leaves and joins anew, after a while: what was asked on the old one will not be answered. */
export function rejoinChannel(turn: Turn, topic: string, afterMs: number): void {
  const channel = turn.state.connection.channels.get(topic);
  if (channel === undefined) throw new Error(`${topic} has no channel`);
  leave(turn, channel);
  dropRequests(turn, topic);
  const { payload, joinTimeoutMs, attempt } = channel;
  const until = turn.at + afterMs;
  setChannel(turn, { topic, payload, joinTimeoutMs, attempt, mode: "waiting", until });
}

/** Sends the join, or waits for the socket. */
export function join(
  turn: Turn,
  { topic, payload, joinTimeoutMs, attempt }: ChannelIdentity,
): void {
  const identity = { topic, payload, joinTimeoutMs, attempt: attempt + 1 };
  if (turn.state.connection.socket.mode !== "open") {
    setChannel(turn, { ...identity, attempt, mode: "offline" });
    return;
  }
  const ref = nextRef(turn);
  setChannel(turn, {
    ...identity,
    mode: "joining",
    joinRef: ref,
    deadline: turn.at + joinTimeoutMs,
  });
  send(turn, { joinRef: ref, ref, topic, event: phoenix.join, payload });
}

/** The channel is of no use now: try again later. */
export function retryJoin(turn: Turn, channel: Channel): void {
  const { topic, payload, joinTimeoutMs, attempt } = channel;
  const until = turn.at + retryDelayMs(turn, attempt);
  setChannel(turn, { topic, payload, joinTimeoutMs, attempt, mode: "waiting", until });
}

export function isJoined(turn: Pick<Turn, "state">, topic: string): boolean {
  return turn.state.connection.channels.get(topic)?.mode === "joined";
}

/** Asks on a joined channel. The reply, or its absence, comes back as a notice with this purpose. */
export function ask(
  turn: Turn,
  topic: string,
  event: string,
  payload: unknown,
  purpose: Purpose,
  timeoutMs: number,
): string {
  const channel = turn.state.connection.channels.get(topic);
  if (channel?.mode !== "joined") throw new Error(`${topic} is not joined: cannot ask ${event}`);
  const ref = nextRef(turn);
  const request: Request = { topic, purpose, deadline: turn.at + timeoutMs, late: false };
  setConnection(turn, { requests: new Map(turn.state.connection.requests).set(ref, request) });
  send(turn, { joinRef: channel.joinRef, ref, topic, event, payload });
  return ref;
}

export function send(turn: Turn, frame: Frame): void {
  const { socket } = turn.state.connection;
  if (socket.mode !== "open") throw new Error(`no socket is open: cannot send ${frame.event}`);
  turn.effects.push({ type: "send", socket: socket.id, frame });
}

export function nextRef(turn: Turn): string {
  const lastRef = turn.state.connection.lastRef + 1;
  setConnection(turn, { lastRef });
  return String(lastRef);
}

/** What was asked on it will not be answered; only a claim's reply is still waited for. */
export function dropRequests(turn: Turn, topic: string): void {
  const kept = new Map<string, Request>();
  for (const [ref, request] of turn.state.connection.requests) {
    if (request.topic !== topic) kept.set(ref, request);
    else if (request.purpose.type === "claim") kept.set(ref, { ...request, late: true });
  }
  setConnection(turn, { requests: withoutOldestLate(kept) });
}

/** Claims that are over their time and still known: a server that never answers must not fill memory. */
const MAX_LATE_CLAIMS = 64;

export function withoutOldestLate(requests: Map<string, Request>): Map<string, Request> {
  const late = [...requests].filter(([, request]) => request.late).map(([ref]) => ref);
  for (const ref of late.slice(0, -MAX_LATE_CLAIMS)) requests.delete(ref);
  return requests;
}

/** Says that we leave it, where the server may know it. */
export function leave(turn: Turn, channel: Channel): void {
  if (channel.mode !== "joined" && channel.mode !== "joining") return;
  send(turn, {
    joinRef: channel.joinRef,
    ref: nextRef(turn),
    topic: channel.topic,
    event: phoenix.leave,
    payload: {},
  });
}
