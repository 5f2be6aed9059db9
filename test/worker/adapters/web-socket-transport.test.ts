import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { SocketEvent, TransportSocket } from "@workloops/worker/ports";
import { encodeFrame, type Frame } from "@workloops/worker/protocol";
import { afterEach, expect, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { webSocketTransport } from "../../../packages/worker/src/adapters/web-socket-transport.ts";

const open: (() => void)[] = [];

afterEach(() => {
  for (const close of open.splice(0)) close();
});

function listen(server: Server): Promise<string> {
  open.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      resolve(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    });
  });
}

/** A server that accepts every socket, and the first of them. */
async function accepting() {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  const first = new Promise<WebSocket>((resolve) => sockets.once("connection", resolve));
  open.push(() => {
    for (const socket of sockets.clients) socket.terminate();
  });
  return { url: await listen(server), first };
}

/** Opens a socket; `next` gives what it tells, in order. */
function connect(url: string): { socket: TransportSocket; next: () => Promise<SocketEvent> } {
  const events: SocketEvent[] = [];
  let wake: () => void = () => {};
  const socket = webSocketTransport(url).open((event) => {
    events.push(event);
    wake();
  });
  open.push(() => socket.close());
  return {
    socket,
    next: async () => {
      while (events.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return events.shift() as SocketEvent;
    },
  };
}

const push: Frame = { joinRef: "1", ref: null, topic: "t", event: "e", payload: { a: 1 } };

test("frames come and go, text and bytes", async () => {
  const { url, first } = await accepting();
  const { socket, next } = connect(url);
  expect(await next()).toEqual({ type: "open" });
  const server = await first;
  server.send(encodeFrame(push, "server"));
  expect(await next()).toEqual({ type: "frame", frame: push });
  const payload = { status: "ok", response: new Uint8Array([1, 2]) };
  server.send(encodeFrame({ ...push, ref: "2", event: "phx_reply", payload }, "server"));
  expect(await next()).toMatchObject({ type: "frame", frame: { event: "phx_reply" } });
  const received = new Promise((resolve) =>
    server.once("message", (data) => resolve(String(data))),
  );
  socket.send({ ...push, ref: "7" });
  expect(await received).toBe('["1","7","t","e",{"a":1}]');
});

test("what is no frame is told of, and the socket lives", async () => {
  const { url, first } = await accepting();
  const { next } = connect(url);
  await next();
  const server = await first;
  server.send("{");
  expect(await next()).toEqual({ type: "malformed", problem: "frame: not JSON" });
  server.send(new Uint8Array([9, 9]));
  expect(await next()).toEqual({ type: "malformed", problem: "binary frame: unknown kind 9" });
  server.send(encodeFrame(push, "server"));
  expect(await next()).toMatchObject({ type: "frame" });
});

test("a frame that Lightning would close the socket for is not sent", async () => {
  const { url, first } = await accepting();
  const { socket, next } = connect(url);
  await next();
  const server = await first;
  const received = new Promise((resolve) =>
    server.once("message", (data) => resolve(String(data))),
  );
  socket.send({ ...push, payload: "ä".repeat(6_000_000) });
  expect(await next()).toMatchObject({
    type: "malformed",
    problem: expect.stringContaining("was not sent"),
  });
  socket.send(push);
  expect(await received).toBe(encodeFrame(push, "client"));
});

test.each([
  [401, "Lightning refuses this worker (HTTP 401): is the secret the same on both sides?"],
  [
    404,
    "Lightning answers HTTP 404 instead of opening a socket: is the address its worker socket?",
  ],
])("an upgrade answered with %i is told in words, without the address", async (status, reason) => {
  const server = createServer();
  server.on("upgrade", (_request, stream) => {
    stream.end(`HTTP/1.1 ${status} No\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  });
  const { next } = connect(`${await listen(server)}?token=hunter2`);
  expect(await next()).toEqual({ type: "closed", reason });
});

test("nobody there, and an end in order, are told of once", async () => {
  expect(await connect("ws://127.0.0.1:1/?token=hunter2").next()).toEqual({
    type: "closed",
    reason: "ECONNREFUSED",
  });
  const { url, first } = await accepting();
  const { socket, next } = connect(url);
  await next();
  (await first).close(1001, "bye");
  expect(await next()).toEqual({ type: "closed", reason: "closed (1001, bye)" });
  socket.send(push);
  socket.close();
  socket.close();
});
