import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { decodeFrame, MAX_FRAME_BYTES, SERIALIZER_VERSION } from "@workloops/worker/protocol";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import { receive } from "../channel.ts";
import { type ControlPlane, moment } from "../control-plane.ts";
import { takeFault } from "../faults/faults.ts";
import { readUrl } from "../http/read-url.ts";
import { openWorkerToken } from "../tokens.ts";
import { guard } from "./guard.ts";
import type { WorkerSocket } from "./worker-socket.ts";

/** More workers than anybody runs on one desk. */
const maxSockets = 1_000;

/** Takes up the sockets of workers at `/worker/websocket`. Source: protocol page, section 1. */
export function acceptWorkers(
  plane: ControlPlane,
): (request: IncomingMessage, stream: Duplex, head: Buffer) => void {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    // Lightning compresses all; on one machine that is most of the work of a small run, so here
    // only large frames are, which `ws` can tell apart only without a context that is kept.
    perMessageDeflate: {
      threshold: 65_536,
      serverNoContextTakeover: true,
      clientNoContextTakeover: true,
    },
  });
  return (request, stream, head) => {
    stream.on("error", () => stream.destroy());
    stream.on("close", () => plane.streams.delete(stream));
    plane.streams.add(stream);
    if (Date.now() < plane.awayUntil) return void stream.destroy();
    const fault = takeFault(plane.faults, "connect", {});
    if (fault?.row.effect === "lost") return;
    const status = fault === undefined ? undefined : Number(fault.status ?? 503);
    if (status !== undefined) return refuse(stream, status, "A fault was asked for");
    const url = readUrl(request.url, "http://localhost");
    if (url?.pathname !== "/worker/websocket") return refuse(stream, 404, "Not Found");
    const now = moment().now / 1_000_000;
    const workerId = openWorkerToken(url.searchParams.get("token"), plane.secret, now);
    if (workerId === undefined) return refuse(stream, 401, "Unauthorized");
    if (url.searchParams.get("vsn") !== SERIALIZER_VERSION)
      return refuse(stream, 403, `vsn: only ${SERIALIZER_VERSION} is spoken here`);
    if (plane.streams.size > maxSockets) return refuse(stream, 503, "Too many workers");
    server.handleUpgrade(request, stream, head, (ws) => take(plane, ws, stream, workerId));
  };
}

function refuse(stream: Duplex, status: number, text: string): void {
  stream.end(
    `HTTP/1.1 ${status} ${text.split("\n")[0]}\r\nConnection: close\r\n` +
      `Content-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}

function take(plane: ControlPlane, ws: WebSocket, stream: Duplex, workerId: string): void {
  const socket: WorkerSocket = {
    ...{ workerId, ws, stream, joined: new Map(), isHalfOpen: false },
    receive: (frame) => guard(plane, socket, frame.topic, () => receive(plane, socket, frame)),
  };
  plane.sockets.add(socket);
  const idle = setTimeout(() => socket.isHalfOpen || ws.close(1000), plane.idleTimeoutMs);
  ws.on("message", (data: RawData, isBinary: boolean) => {
    if (socket.isHalfOpen) return;
    idle.refresh();
    const bytes = toBuffer(data);
    const frame = decodeFrame(isBinary ? bytes : bytes.toString("utf8"), "client");
    // Phoenix's process for the socket dies of a frame that it cannot read.
    if (frame.ok) socket.receive(frame.value);
    else ws.close(1011);
  });
  // A frame that is too large or against the WebSocket rules closes the socket by itself.
  ws.on("error", () => {});
  ws.on("close", () => {
    clearTimeout(idle);
    plane.sockets.delete(socket);
    plane.tell({ type: "left", workerId });
    for (const joined of socket.joined.values()) joined.close();
    socket.joined.clear();
  });
}

function toBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
