import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { answerApi } from "./api.ts";
import { announceChange, type ControlPlane, moment } from "./control-plane.ts";
import { createFaults } from "./faults/faults.ts";
import type { News } from "./news.ts";
import { createLedger, type Ledger, type LedgerSettings, runJanitor } from "./run-ledger.ts";
import { acceptWorkers } from "./socket/accept-worker.ts";
import { createRunKeys } from "./tokens.ts";
import { createWakeUps } from "./wake-ups.ts";

export interface LocalLightningOptions extends Partial<LedgerSettings> {
  /** Default 127.0.0.1. Who reaches the port can make workers run code. */
  readonly host?: string;
  /** Default 0: any that is free. */
  readonly port?: number;
  /** WORKER_SECRET of the workers. */
  readonly secret: string;
  /** RSA, as PEM or base64 of it; default: a new one. */
  readonly privateKey?: string;
  /** How long the first new run waits for others before workers are woken; 0: not at all. Default 500. */
  readonly wakeUpWindowMs?: number;
  /** Whether workers are told of new runs (BROADCAST_WORK_AVAILABLE). Default true. */
  readonly wakeUps?: boolean;
  /** Whether claimed runs go back where the socket is dead at the reply. Default false, as in Lightning. */
  readonly rollback?: boolean;
  /** Time between two passes of the janitor. Default 300,000. */
  readonly janitorIntervalMs?: number;
  /** A socket that says nothing for so long is closed. Default 60,000. */
  readonly idleTimeoutMs?: number;
  /** Is told of workers that come and go, and of each change of a run's state. */
  readonly tell?: (news: News) => void;
}

export interface LocalLightning {
  /** For the worker's `--lightning`: ws://HOST:PORT/worker */
  readonly url: string;
  readonly httpUrl: string;
  readonly port: number;
  /** For the worker's `--lightning-public-key`: base64 of the PEM. */
  readonly publicKey: string;
  /** All that it knows, to judge by. */
  readonly ledger: Ledger;
  /** Ends every socket, request and timer. */
  readonly close: () => Promise<void>;
}

/** Workers and callers who wait, together; a process may usually open more files than this. */
const maxConnections = 4_096;

/**
 * Starts a Lightning in memory.
 * @throws Error where the address is taken or the private key is none
 */
export async function startLocalLightning(options: LocalLightningOptions): Promise<LocalLightning> {
  const { host = "127.0.0.1", port = 0, secret } = options;
  if (secret === "") throw new Error("secret: empty; workers need one to sign with");
  const plane: ControlPlane = {
    ledger: createLedger(options),
    keys: await createRunKeys(options.privateKey),
    secret,
    faults: createFaults(),
    wakeUps: createWakeUps(options.wakeUpWindowMs ?? 500, options.wakeUps ?? true),
    sockets: new Set(),
    streams: new Set(),
    rollback: options.rollback ?? false,
    idleTimeoutMs: options.idleTimeoutMs ?? 60_000,
    awayUntil: 0,
    watchers: new Map(),
    timers: new Set(),
    failures: [],
    tell: options.tell ?? (() => {}),
    joinsReplaced: 0,
  };
  const server = createServer((request, response) => void answerApi(plane, request, response));
  server.maxConnections = maxConnections;
  server.on("upgrade", acceptWorkers(plane));
  server.on("clientError", (_error, socket) => socket.destroy());
  await listening(server, host, port);
  const janitor = setInterval(() => {
    for (const run of runJanitor(plane.ledger, moment())) announceChange(plane, run);
  }, options.janitorIntervalMs ?? 300_000);
  const { port: taken } = server.address() as AddressInfo;
  const at = `${host.includes(":") ? `[${host}]` : host}:${taken}`;
  return {
    url: `ws://${at}/worker`,
    httpUrl: `http://${at}`,
    port: taken,
    publicKey: plane.keys.publicKey,
    ledger: plane.ledger,
    close: () => {
      clearInterval(janitor);
      return close(plane, server);
    },
  };
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function close(plane: ControlPlane, server: Server): Promise<void> {
  for (const timer of plane.timers) clearTimeout(timer);
  plane.timers.clear();
  for (const stream of plane.streams) stream.destroy();
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
