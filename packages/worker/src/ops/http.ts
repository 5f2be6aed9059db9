import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { WorkerSnapshot } from "../core/index.ts";
import type { Metrics } from "./metrics.ts";
import { readiness } from "./readiness.ts";

export interface OpsOptions {
  readonly port: number;
  /** Absent: all interfaces. */
  readonly host: string | undefined;
  /** What guards POST /claim and GET /status; absent: both are closed. */
  readonly token: string | undefined;
  readonly version: string;
  readonly snapshot: () => WorkerSnapshot;
  readonly journalNotes: () => readonly string[];
  readonly metrics: Metrics;
  readonly claimNow: () => void;
}

export interface Ops {
  readonly port: number;
  close(): Promise<void>;
}

/** A request's head and body may take this long; probes and scrapers take milliseconds. */
const REQUEST_MS = 10_000;
const MAX_CONNECTIONS = 100;

/** Opens the port. Rejects where it is taken. */
export async function serveOps(options: OpsOptions): Promise<Ops> {
  const server = createServer((request, response) => {
    request.resume();
    void answer(options, request, response);
  });
  server.requestTimeout = REQUEST_MS;
  server.headersTimeout = REQUEST_MS;
  server.maxConnections = MAX_CONNECTIONS;
  server.on("clientError", (_error, socket) => socket.destroy());
  await listen(server, options.port, options.host);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number, host: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, ...(host !== undefined && { host }) }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function answer(
  options: OpsOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? "/").split("?")[0] ?? "/";
  const method = request.method === "HEAD" ? "GET" : request.method;
  switch (`${method} ${path}`) {
    case "GET /":
    case "GET /livez":
      return reply(response, 200, "text/plain", "ok\n");
    case "GET /readyz": {
      const state = readiness(options.snapshot(), options.journalNotes());
      return replyJson(response, state.ready ? 200 : 503, state);
    }
    case "GET /metrics":
      return reply(response, 200, options.metrics.contentType, await options.metrics.text());
    case "GET /status":
      return guarded(options, request, response, () =>
        replyJson(response, 200, { version: options.version, ...options.snapshot() }),
      );
    case "POST /claim":
      return guarded(options, request, response, () => claim(options, response));
    default:
      return reply(response, 404, "text/plain", "not found\n");
  }
}

/** 200 where a lane could claim, 204 where none has room, as in Lightning's own worker. */
function claim({ snapshot, claimNow }: OpsOptions, response: ServerResponse): void {
  const before = openClaims(snapshot());
  claimNow();
  if (openClaims(snapshot()) > before) reply(response, 200, "text/plain", "complete");
  else reply(response, 204, "text/plain", "");
}

function openClaims({ lanes }: WorkerSnapshot): number {
  return lanes.filter((lane) => lane.permitted > 0).length;
}

function guarded(
  { token }: OpsOptions,
  request: IncomingMessage,
  response: ServerResponse,
  allowed: () => void,
): void {
  if (token === undefined) {
    reply(
      response,
      403,
      "text/plain",
      "closed: start the worker with WORKER_OPS_TOKEN to open it\n",
    );
    return;
  }
  const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  if (given === undefined || !isSame(given, token)) {
    response.setHeader("www-authenticate", "Bearer");
    reply(response, 401, "text/plain", "send the worker's WORKER_OPS_TOKEN as a bearer token\n");
    return;
  }
  allowed();
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function replyJson(response: ServerResponse, status: number, value: object): void {
  reply(response, status, "application/json", `${JSON.stringify(value)}\n`);
}

function reply(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { "content-type": type, "cache-control": "no-store" });
  response.end(response.req.method === "HEAD" ? undefined : body);
}
