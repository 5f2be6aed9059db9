import { type Frame, HEARTBEAT_TOPIC, phoenix, readReply, sayRefusal } from "../protocol/index.ts";
import {
  dropRequests,
  join,
  leave,
  nextRef,
  retryDelayMs,
  retryJoin,
  send,
  withoutOldestLate,
} from "./channel.ts";
import type { Channel } from "./connection-state.ts";
import { log, observe, setChannel, setConnection, type Turn } from "./turn.ts";

export function openSocket(turn: Turn): void {
  const id = turn.state.connection.sockets + 1;
  const deadline = turn.at + turn.state.settings.openTimeoutMs;
  setConnection(turn, {
    socket: { mode: "opening", id, deadline },
    sockets: id,
    attempt: turn.state.connection.attempt + 1,
  });
  turn.effects.push({ type: "open-socket", socket: id });
}

/** Closes it for good. */
export function closeSocket(turn: Turn): void {
  const { socket } = turn.state.connection;
  if (socket.mode === "open" || socket.mode === "opening") {
    turn.effects.push({ type: "close-socket", socket: socket.id });
  }
  setConnection(turn, { socket: { mode: "closed" }, requests: new Map() });
}

export function onSocketOpen(turn: Turn, id: number): void {
  const { socket, channels } = turn.state.connection;
  if (socket.mode === "open" && socket.id === id) throw new Error(`socket ${id} opened twice`);
  if (socket.mode !== "opening" || socket.id !== id) return;
  const beatAt = turn.at + turn.state.settings.heartbeatMs;
  setConnection(turn, { socket: { mode: "open", id, beatAt, beatRef: undefined } });
  log(turn, "info", "the socket to Lightning is open");
  for (const channel of channels.values()) join(turn, channel);
}

/** Also called where the worker gives up on a socket: what comes from it later is ignored. */
export function onSocketClosed(turn: Turn, id: number, reason: string): void {
  const { socket, channels, attempt } = turn.state.connection;
  if ((socket.mode !== "open" && socket.mode !== "opening") || socket.id !== id) return;
  const delayMs = retryDelayMs(turn, attempt);
  setConnection(turn, {
    socket: { mode: "waiting", until: turn.at + delayMs },
    requests: new Map(),
  });
  if (socket.mode === "open") observe(turn, { type: "disconnected" });
  log(turn, "warn", `no socket to Lightning: ${reason}`, { retry_in_ms: Math.round(delayMs) });
  for (const { topic, payload, joinTimeoutMs, attempt, mode } of channels.values()) {
    setChannel(turn, { topic, payload, joinTimeoutMs, attempt, mode: "offline" });
    if (mode === "joined") turn.notices.push({ type: "down", topic, crashed: false });
  }
}

export function onFrame(turn: Turn, id: number, frame: Frame): void {
  const { socket } = turn.state.connection;
  if (socket.mode !== "open" || socket.id !== id) return;
  if (frame.topic === HEARTBEAT_TOPIC) {
    if (frame.ref === socket.beatRef) {
      setConnection(turn, { socket: { ...socket, beatRef: undefined } });
    }
    return;
  }
  const channel = turn.state.connection.channels.get(frame.topic);
  if (channel === undefined) return;
  if (frame.event === phoenix.reply) onReplyFrame(turn, channel, frame);
  else if (frame.event === phoenix.error || frame.event === phoenix.close) {
    onChannelGone(turn, channel, frame);
  } else if (channel.mode === "joined") {
    turn.notices.push({ type: "push", topic: frame.topic, event: frame.event });
  }
}

function onReplyFrame(turn: Turn, channel: Channel, frame: Frame): void {
  const reply = readReply(frame.payload);
  if (!reply.ok) {
    onMalformedReply(turn, channel.topic, reply.problem);
    return;
  }
  const ok = reply.value.status === "ok";
  const { topic } = channel;
  if (channel.mode === "joining" && frame.ref === channel.joinRef) {
    if (ok) {
      setChannel(turn, { ...channel, attempt: 0, mode: "joined" });
      turn.notices.push({ type: "joined", topic });
    } else {
      retryJoin(turn, channel);
      turn.notices.push({
        type: "join-refused",
        topic,
        reason: sayRefusal(reply.value.response),
      });
    }
    return;
  }
  if (frame.ref === null) return;
  const requests = new Map(turn.state.connection.requests);
  const request = requests.get(frame.ref);
  if (request === undefined) return;
  requests.delete(frame.ref);
  setConnection(turn, { requests });
  turn.notices.push({
    type: "reply",
    ref: frame.ref,
    purpose: request.purpose,
    late: request.late,
    ok,
    response: reply.value.response,
  });
}

/** A server that sends nonsense must not fill the log: one line tells of what came before it too. */
const MALFORMED_TOLD_EVERY_MS = 60_000;

function onMalformedReply(turn: Turn, topic: string, problem: string): void {
  const { quietUntil, untold } = turn.state.connection.malformed;
  if (turn.at < quietUntil) {
    setConnection(turn, { malformed: { quietUntil, untold: untold + 1 } });
    return;
  }
  const until = turn.at + MALFORMED_TOLD_EVERY_MS;
  setConnection(turn, { malformed: { quietUntil: until, untold: 0 } });
  log(turn, "warn", `ignored: ${problem}`, { topic, untold_before: untold });
}

/**
 * Only the channel that we hold now counts: the server also closes those that we left. One that is
 * still being joined is joined anew when its time is over.
 */
function onChannelGone(turn: Turn, channel: Channel, frame: Frame): void {
  if (channel.mode !== "joined" || frame.joinRef !== channel.joinRef) return;
  const { topic } = channel;
  dropRequests(turn, topic);
  retryJoin(turn, channel);
  log(turn, "warn", `the server ended the channel ${topic} (${frame.event})`, { topic });
  turn.notices.push({ type: "down", topic, crashed: frame.event === phoenix.error });
}

export function connectionTick(turn: Turn): void {
  tickSocket(turn);
  // The socket may have gone in this same tick: these are the channels after it.
  for (const channel of turn.state.connection.channels.values()) tickChannel(turn, channel);
  for (const [ref, request] of turn.state.connection.requests) {
    if (request.late || request.deadline > turn.at) continue;
    const requests = new Map(turn.state.connection.requests);
    if (request.purpose.type === "claim") requests.set(ref, { ...request, late: true });
    else requests.delete(ref);
    setConnection(turn, { requests: withoutOldestLate(requests) });
    turn.notices.push({ type: "unanswered", ref, purpose: request.purpose });
  }
}

function tickSocket(turn: Turn): void {
  const { socket } = turn.state.connection;
  if (socket.mode === "waiting" && socket.until <= turn.at) openSocket(turn);
  if (socket.mode === "opening" && socket.deadline <= turn.at) {
    turn.effects.push({ type: "close-socket", socket: socket.id });
    onSocketClosed(turn, socket.id, "it did not open in time");
  }
  if (socket.mode !== "open" || socket.beatAt > turn.at) return;
  if (socket.beatRef !== undefined) {
    turn.effects.push({ type: "close-socket", socket: socket.id });
    onSocketClosed(turn, socket.id, "its heartbeat was not answered");
    return;
  }
  const beatRef = nextRef(turn);
  const beatAt = turn.at + turn.state.settings.heartbeatMs;
  setConnection(turn, { socket: { ...socket, beatAt, beatRef } });
  send(turn, {
    joinRef: null,
    ref: beatRef,
    topic: HEARTBEAT_TOPIC,
    event: phoenix.heartbeat,
    payload: {},
  });
}

function tickChannel(turn: Turn, channel: Channel): void {
  if (channel.mode === "waiting" && channel.until <= turn.at) join(turn, channel);
  if (channel.mode === "joining" && channel.deadline <= turn.at) {
    leave(turn, channel);
    retryJoin(turn, channel);
    turn.notices.push({
      type: "join-refused",
      topic: channel.topic,
      reason: "the server did not answer in time",
    });
  }
}
