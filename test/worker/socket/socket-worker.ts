import { generateKeyPairSync } from "node:crypto";
import {
  type LocalLightning,
  type LocalLightningOptions,
  startLocalLightning,
} from "@workloops/local-lightning";
import { type CoreSettings, snapshot, type WorkerSnapshot } from "@workloops/worker/core";
import { createDriver, type Driver } from "@workloops/worker/driver";
import { noJournal, type Ports } from "@workloops/worker/ports";
import { afterEach } from "vitest";
import { mockEngine } from "../../../packages/worker/src/adapters/mock-engine.ts";
import { socketUrl } from "../../../packages/worker/src/adapters/socket-url.ts";
import { systemClock } from "../../../packages/worker/src/adapters/system-clock.ts";
import { mintWorkerToken, runTokens } from "../../../packages/worker/src/adapters/tokens.ts";
import { webSocketTransport } from "../../../packages/worker/src/adapters/web-socket-transport.ts";
import { settingsOf } from "../core/scripted-worker.ts";

const secret = "a secret that is not base64 ✓";

/** One key for all tests of a file: a new one costs 100 ms. */
const privateKey = generateKeyPairSync("rsa", { modulusLength: 2048 })
  .privateKey.export({ type: "pkcs8", format: "pem" })
  .toString();

const open: (() => unknown)[] = [];

afterEach(async () => {
  while (open.length > 0) await open.pop()?.();
});

export interface Lightning extends LocalLightning {
  readonly post: (path: string, body: unknown) => Promise<unknown>;
  /** Posts runs and says their ids. */
  readonly runs: (count: number, body?: object) => Promise<readonly string[]>;
  /** Resolves once each of these has ended, with how. */
  readonly ended: (ids: readonly string[]) => Promise<readonly string[]>;
}

/** A local Lightning for one test. Wake-ups go out at once. */
export async function lightning(options: Partial<LocalLightningOptions> = {}): Promise<Lightning> {
  const server = await startLocalLightning({ secret, privateKey, wakeUpWindowMs: 0, ...options });
  open.push(() => server.close());
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const response = await fetch(server.httpUrl + path, {
      method: "POST",
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  };
  return {
    ...server,
    post,
    runs: async (count, body = {}) => {
      const items = Array.from({ length: count }, () => ({ body: "fn((s) => s)", ...body }));
      return ((await post("/runs", items)) as { id: string }[]).map(({ id }) => id);
    },
    ended: (ids) => Promise.all(ids.map((id) => untilEnded(server, id))),
  };
}

/** The server answers when the run has ended; no number of changes satisfies it before. */
async function untilEnded({ httpUrl }: LocalLightning, id: string): Promise<string> {
  for (;;) {
    const response = await fetch(
      `${httpUrl}/runs/${id}?since=${Number.MAX_SAFE_INTEGER}&wait=10000`,
    );
    const run = (await response.json()) as { state: string; reason: string | null };
    if (!["available", "claimed", "started"].includes(run.state)) return run.reason ?? run.state;
  }
}

export interface SocketWorker {
  readonly driver: Driver;
  readonly look: () => WorkerSnapshot;
  readonly logs: readonly string[];
  /** Resolves as soon as this is true of the worker. Looked at after each event. */
  readonly until: (isTrue: (seen: WorkerSnapshot) => boolean) => Promise<void>;
}

/** Workers of one seed would give their steps the same ids. */
let workers = 0;

/** The shipped driver over a real socket; jobs are run by `--mock`'s engine unless another is given. */
export async function socketWorker(
  server: Lightning,
  configuration: string,
  settings: Partial<CoreSettings> = {},
  engine: Ports["engine"] = mockEngine(),
): Promise<SocketWorker> {
  workers += 1;
  const token = await mintWorkerToken(secret, `test-worker-${workers}`);
  const logs: string[] = [];
  const waiting = new Set<() => void>();
  const driver = createDriver(
    settingsOf(configuration, settings),
    [7, 7, 7, workers],
    {
      clock: systemClock,
      transport: webSocketTransport(socketUrl(server.url, token, "test")),
      tokens: await runTokens(server.publicKey),
      journal: noJournal,
      engine,
      log: (level, message, { run = "" }) => logs.push(`${level} ${message} ${run}`.trim()),
      observe: () => {},
    },
    () =>
      queueMicrotask(() => {
        for (const look of waiting) look();
      }),
  );
  const look = () => snapshot(driver.state(), systemClock.now());
  open.push(async () => {
    driver.stop();
    await driver.stopped;
  });
  driver.start();
  return {
    driver,
    look,
    logs,
    until: (isTrue) =>
      new Promise((resolve) => {
        const check = () => {
          if (!isTrue(look())) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
  };
}
