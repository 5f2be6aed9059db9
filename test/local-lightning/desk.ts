import { generateKeyPairSync } from "node:crypto";
import {
  type LocalLightning,
  type LocalLightningOptions,
  startLocalLightning,
} from "@workloops/local-lightning";
import { afterEach } from "vitest";
import { type Client, connect, workerToken } from "./client.ts";

export const secret = "a secret that is not base64 ✓";

/** One key for all tests of a file: a new one costs 100 ms. */
export const privateKey = generateKeyPairSync("rsa", { modulusLength: 2048 })
  .privateKey.export({ type: "pkcs8", format: "pem" })
  .toString();

const open: (() => unknown)[] = [];

afterEach(async () => {
  while (open.length > 0) await open.pop()?.();
});

/** A Lightning for one test, and what the test does with it over real sockets. */
export interface Desk extends LocalLightning {
  readonly worker: (claims?: object) => Promise<Client>;
  readonly post: (path: string, body: unknown) => Promise<{ status: number; body: unknown }>;
  readonly get: (path: string) => Promise<{ status: number; body: unknown }>;
  /** Posts a run and says its id. */
  readonly run: (body?: object) => Promise<string>;
  readonly fault: (body: object) => Promise<void>;
}

export async function startDesk(options: Partial<LocalLightningOptions> = {}): Promise<Desk> {
  const lightning = await startLocalLightning({
    secret,
    privateKey,
    wakeUpWindowMs: 0,
    ...options,
  });
  open.push(() => lightning.close());
  const ask = async (path: string, init?: RequestInit) => {
    const response = await fetch(`${lightning.httpUrl}${path}`, init);
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    return { status: response.status, body: isJson ? (JSON.parse(text) as unknown) : text };
  };
  const post: Desk["post"] = (path, body) =>
    ask(path, { method: "POST", body: JSON.stringify(body) });
  return {
    ...lightning,
    post,
    get: (path) => ask(path),
    worker: async (claims) => {
      const client = await connect(lightning.url, workerToken(secret, claims));
      open.push(() => client.close());
      return client;
    },
    run: async (body = {}) => {
      const { status, body: answer } = await post("/runs", { body: "fn((s) => s)", ...body });
      if (status !== 201) throw new Error(JSON.stringify(answer));
      return (answer as { id: string }).id;
    },
    fault: async (body) => {
      const { status, body: answer } = await post("/faults", body);
      if (status !== 201) throw new Error(JSON.stringify(answer));
    },
  };
}
