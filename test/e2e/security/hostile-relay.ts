import type { Duplex } from "node:stream";
import { decodeFrame, type Frame } from "@workloops/worker/protocol";
import { WebSocket, WebSocketServer } from "ws";

/** What a relay sends to the worker ahead of a frame of the server, which may answer one of the worker's. */
export type Bait = (frame: Frame, request: Frame | undefined) => readonly (string | Buffer)[];

/** A server for workers that passes everything on to another one and back, and adds what it likes. */
export interface Relay {
  /** What `--lightning` names. */
  readonly url: string;
  /** From now on this goes ahead of what the server says; `undefined`: nothing, it behaves. */
  bait(bait: Bait | undefined): void;
  /** Says something to every worker that is connected. */
  say(message: string | Buffer): void;
  /** Writes bytes below the WebSocket, which no library would send. */
  write(bytes: Buffer): void;
  /** Ends every connection. */
  cut(): void;
  close(): Promise<void>;
}

export async function startRelay(upstream: string): Promise<Relay> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await new Promise((listening) => server.once("listening", listening));
  const streams = new Map<WebSocket, Duplex>();
  let bait: Bait | undefined;
  server.on("connection", (worker, request) => {
    streams.set(worker, request.socket);
    const lightning = new WebSocket(new URL(request.url ?? "", upstream));
    const asked = new Map<string, Frame>();
    const early: [Buffer, boolean][] = [];
    const pass = (data: Buffer, isBinary: boolean): void => {
      const frame = read(data, isBinary, "client");
      if (frame?.ref != null) asked.set(frame.ref, frame);
      lightning.send(data, { binary: isBinary });
    };
    worker.on("message", (data: Buffer, isBinary) => {
      if (lightning.readyState === WebSocket.OPEN) pass(data, isBinary);
      else early.push([data, isBinary]);
    });
    lightning.on("open", () => {
      for (const [data, isBinary] of early) pass(data, isBinary);
    });
    lightning.on("message", (data: Buffer, isBinary) => {
      const frame = read(data, isBinary, "server");
      if (frame !== undefined && worker.readyState === WebSocket.OPEN) {
        for (const one of bait?.(frame, asked.get(frame.ref ?? "")) ?? []) worker.send(one);
      }
      if (worker.readyState === WebSocket.OPEN) worker.send(data, { binary: isBinary });
    });
    // What breaks on one side ends the other; a worker then opens both again.
    for (const [one, other] of [
      [worker, lightning],
      [lightning, worker],
    ] as const) {
      one.on("error", () => other.terminate());
      one.on("close", () => {
        streams.delete(worker);
        other.terminate();
      });
    }
  });
  const { port } = server.address() as { port: number };
  return {
    url: `ws://127.0.0.1:${port}/worker`,
    bait: (next) => {
      bait = next;
    },
    say: (message) => {
      for (const worker of streams.keys()) worker.send(message);
    },
    write: (bytes) => {
      for (const stream of streams.values()) stream.write(bytes);
    },
    cut: () => {
      for (const worker of streams.keys()) worker.terminate();
    },
    close: () =>
      new Promise((closed) => {
        for (const worker of streams.keys()) worker.terminate();
        server.close(() => closed());
      }),
  };
}

function read(data: Buffer, isBinary: boolean, from: "client" | "server"): Frame | undefined {
  const frame = decodeFrame(isBinary ? data : data.toString("utf8"), from);
  return frame.ok ? frame.value : undefined;
}
