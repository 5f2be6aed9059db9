import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalLightning, startLocalLightning } from "@workloops/local-lightning";
import { afterEach, inject } from "vitest";
import { type Program, start } from "../../../scripts/program.mjs";

/** What starts a worker: `workloops worker`, as it is packed. */
const packed = [inject("command"), "worker"];
const secret = "a secret that is not base64 ✓";

const open: (() => unknown)[] = [];

afterEach(async () => {
  while (open.length > 0) await open.pop()?.();
});

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "workloops-worker-"));
  open.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts the bundle as a user would: nothing of this process's environment but PATH and HOME. */
export function startWorker(
  args: readonly string[],
  env: Record<string, string> = {},
  program: readonly string[] = packed,
): Program {
  const worker = start(process.execPath, [...program, ...args], {
    env: { HOME: temporaryFolder(), ...env },
  });
  open.push(async () => {
    worker.signal("SIGKILL");
    await worker.ended;
  });
  return worker;
}

export interface Lightning extends LocalLightning {
  readonly runs: (count: number, body?: object) => Promise<readonly string[]>;
  readonly ended: (id: string) => Promise<Run>;
}

interface Run {
  readonly state: string;
  readonly reason: string | null;
  readonly error_type: string | null;
  readonly final_state: unknown;
  readonly started_at: number;
  readonly logs: readonly { readonly source: string; readonly message: string }[];
}

export async function lightning(
  options: Partial<Parameters<typeof startLocalLightning>[0]> = {},
): Promise<Lightning> {
  const server = await startLocalLightning({ secret, wakeUpWindowMs: 0, ...options });
  open.push(() => server.close());
  return {
    ...server,
    runs: async (count, body = {}) => {
      const items = Array.from({ length: count }, () => ({ body: "", ...body }));
      const response = await fetch(`${server.httpUrl}/runs`, {
        method: "POST",
        body: JSON.stringify(items),
      });
      if (!response.ok) throw new Error(await response.text());
      return ((await response.json()) as { id: string }[]).map(({ id }) => id);
    },
    ended: async (id) => {
      for (;;) {
        const query = `since=${Number.MAX_SAFE_INTEGER}&wait=10000`;
        const response = await fetch(`${server.httpUrl}/runs/${id}?${query}`);
        const run = (await response.json()) as Run;
        if (!["available", "claimed", "started"].includes(run.state)) return run;
      }
    },
  };
}

export function workerFor(
  server: LocalLightning,
  args: readonly string[],
  env: Record<string, string> = {},
  program: readonly string[] = packed,
): Program {
  const repo = temporaryFolder();
  return startWorker(
    ["--lightning", server.url, "--port", "0", "--repo-dir", repo, "--no-journal", ...args],
    { WORKER_SECRET: secret, ...env },
    program,
  );
}
