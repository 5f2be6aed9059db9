import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type LocalLightning,
  type LocalLightningOptions,
  startLocalLightning,
} from "@workloops/local-lightning";
import { inject } from "vitest";
import { endAll, type Program, start } from "../../scripts/program.mjs";

const command = inject("command");
const secret = "of this site alone";

type Run = LocalLightning["ledger"]["runs"] extends ReadonlyMap<string, infer R> ? R : never;

/** One Lightning in memory and its workers, which are the programs that users get. */
export interface Site {
  readonly lightning: LocalLightning;
  /** Starts a worker and waits until it has joined. */
  readonly worker: (name: string, lanes: string, args?: readonly string[]) => Promise<Program>;
  /** Posts runs and says their ids. */
  readonly post: (runs: readonly object[]) => Promise<readonly string[]>;
  /** Resolves when each of these runs has been started. */
  readonly started: (ids: readonly string[]) => Promise<void>;
  /** Resolves with what the server knows of these runs when each has ended. */
  readonly ended: (ids: readonly string[]) => Promise<readonly Run[]>;
  readonly close: () => Promise<void>;
}

export async function openSite(options: Partial<LocalLightningOptions> = {}): Promise<Site> {
  const lightning = await startLocalLightning({ secret, ...options });
  const folder = mkdtempSync(join(tmpdir(), "workloops-site-"));
  const at = (id: string): Run => {
    const run = lightning.ledger.runs.get(id);
    if (run === undefined) throw new Error(`the server has forgotten run ${id}`);
    return run;
  };
  /** Resolves when the server has seen more changes of a run than that, or its end. */
  const change = async (id: string, since: number): Promise<void> => {
    const answer = await fetch(`${lightning.httpUrl}/runs/${id}?wait=60000&since=${since}`);
    await answer.text();
  };
  return {
    lightning,
    async worker(name, lanes, args = []) {
      const folders = ["--repo-dir", join(folder, "adaptors"), "--state-dir", join(folder, name)];
      const where = ["--lightning", lightning.url, "--lightning-public-key", lightning.publicKey];
      const worker = start(
        process.execPath,
        [command, "worker", ...where, "--port", "0", ...folders, ...args],
        { cwd: folder, env: { WORKER_SECRET: secret, WORKER_NAME: name, WORKER_WORKLOOPS: lanes } },
      );
      await worker.said(/joined the queue/);
      return worker;
    },
    async post(runs) {
      const response = await fetch(`${lightning.httpUrl}/runs`, {
        method: "POST",
        body: JSON.stringify(runs),
      });
      if (response.status !== 201) throw new Error(await response.text());
      return ((await response.json()) as { id: string }[]).map(({ id }) => id);
    },
    async started(ids) {
      for (const id of ids) {
        while (at(id).startedAt === null) await change(id, at(id).changes);
      }
    },
    async ended(ids) {
      for (const id of ids) {
        // No number of changes satisfies the server before the run has ended.
        while (!lightning.ledger.ended.has(id)) await change(id, Number.MAX_SAFE_INTEGER);
      }
      return ids.map(at);
    },
    async close() {
      endAll();
      await lightning.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** How often the server saw an event of a run. */
export function seen(run: Run, event: string): number {
  return run.events.filter((one) => one.event === event).length;
}
