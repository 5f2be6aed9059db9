import type { Duplex } from "node:stream";
import { encodeFrame, type Frame, phoenix } from "@workloops/worker/protocol";
import { WebSocket } from "ws";
import type { Reply, RunChannel } from "../run-ledger.ts";

/** A channel that a worker has joined. */
export interface Joined {
  readonly topic: string;
  readonly joinRef: string | null;
  /** Absent on `worker:queue`. */
  readonly run?: RunChannel;
  /** Takes the channel off whatever it listened to. */
  readonly close: () => void;
  /** Frames that wait behind a stalled one. */
  backlog: Frame[] | undefined;
  /** The event whose answer is held back, as JSON. */
  unanswered: string | undefined;
}

/** One worker's connection. */
export interface WorkerSocket {
  readonly workerId: string;
  readonly ws: WebSocket;
  readonly stream: Duplex;
  readonly joined: Map<string, Joined>;
  /** True after the half-open fault: nothing is read or written any more. */
  isHalfOpen: boolean;
  /** Takes up a frame as if it came in now. */
  readonly receive: (frame: Frame) => void;
}

/** A client that reads nothing must not fill our memory. */
const maxBufferedBytes = 64_000_000;

/** @returns false where the socket is gone */
export function send(socket: WorkerSocket, frame: Frame): boolean {
  if (socket.isHalfOpen || socket.ws.readyState !== WebSocket.OPEN) return false;
  if (socket.ws.bufferedAmount > maxBufferedBytes) {
    socket.ws.terminate();
    return false;
  }
  socket.ws.send(encodeFrame(frame, "server"));
  return true;
}

/** @returns false where the socket is gone */
export function sendReply(socket: WorkerSocket, request: Frame, reply: Reply): boolean {
  if (reply.kind === "crash") {
    crashChannel(socket, request.topic);
    return true;
  }
  const isDataclip = reply.kind === "dataclip";
  const response = isDataclip ? Buffer.from(reply.text, "utf8") : reply.response;
  return send(socket, {
    ...request,
    event: phoenix.reply,
    payload: { status: reply.kind === "error" ? "error" : "ok", response },
  });
}

/** The channel's process died: `phx_error`, and the topic is not joined any more. */
function crashChannel(socket: WorkerSocket, topic: string): void {
  endChannel(socket, topic, phoenix.error);
}

/** Takes a topic off, and tells the client how. */
export function endChannel(
  socket: WorkerSocket,
  topic: string,
  event: typeof phoenix.error | typeof phoenix.close,
): void {
  const joined = socket.joined.get(topic);
  if (joined === undefined) return;
  socket.joined.delete(topic);
  joined.close();
  const { joinRef } = joined;
  send(socket, { joinRef, ref: joinRef, topic, event, payload: {} });
}
