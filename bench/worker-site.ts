import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { type LocalLightning, startLocalLightning } from "@workloops/local-lightning";

const secret = "bench";
const bin = "packages/worker/bin/workloops-worker.mjs";

/** Jobs that hold their slot, and jobs that are over at once. */
export const slow =
  "export default [(state) => new Promise((done) => setTimeout(() => done(state), 600000))];";
export const quick = "export default [(state) => state];";

/**
 * A local Lightning whose changes are told to this process without a request, so that what
 * waits for them takes no time from what is measured.
 */
export interface Site extends LocalLightning {
  /** Posts runs, and says their ids. */
  readonly send: (count: number, queue: string, body: string) => Promise<readonly string[]>;
  /** Resolves when each of these has been claimed, or has ended. */
  readonly claimed: (ids: readonly string[]) => Promise<void>;
  readonly ended: (ids: readonly string[]) => Promise<void>;
}

export async function openSite(wakeUps: boolean): Promise<Site> {
  const looks = new Set<() => void>();
  const server = await startLocalLightning({
    secret,
    wakeUps,
    wakeUpWindowMs: 0,
    tell: () => {
      for (const look of looks) look();
    },
  });
  const until = (isTrue: () => boolean): Promise<void> =>
    new Promise((done) => {
      const look = () => {
        if (!isTrue()) return;
        looks.delete(look);
        done();
      };
      looks.add(look);
      look();
    });
  const { ledger } = server;
  return {
    ...server,
    async send(count, queue, body) {
      const runs = Array.from({ length: count }, () => ({ queue, body }));
      const response = await fetch(`${server.httpUrl}/runs`, {
        method: "POST",
        body: JSON.stringify(runs),
      });
      return ((await response.json()) as { id: string }[]).map(({ id }) => id);
    },
    claimed: (ids) => until(() => ids.every((id) => ledger.runs.get(id)?.claimedAt != null)),
    ended: (ids) => until(() => ids.every((id) => ledger.ended.has(id))),
  };
}

/** Milliseconds on the server's clock from a run's creation to its claim. */
export function claimDelay({ ledger }: LocalLightning, id: string): number {
  const run = ledger.runs.get(id);
  if (run?.claimedAt == null) throw new Error(`run ${id} was not claimed`);
  return (run.claimedAt - run.queued.insertedAt) / 1_000;
}

/** The bundle that users get, as a process of its own. */
export interface Worker {
  readonly pid: number;
  readonly says: (pattern: RegExp) => Promise<void>;
  readonly printed: () => string;
  readonly end: () => Promise<void>;
}

export function startWorker(
  { url }: LocalLightning,
  folder: string,
  args: readonly string[],
): Worker {
  const where = ["--lightning", url, "--port", "0", "--repo-dir", folder, "--no-journal"];
  const child = spawn(process.execPath, [bin, ...where, "--log", "debug", ...args], {
    env: { PATH: process.env["PATH"], HOME: folder, WORKER_SECRET: secret },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  let look: () => void = () => {};
  let fail: (error: Error) => void = () => {};
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
    look();
  });
  const ended = new Promise<void>((resolve) => {
    child.on("close", () => {
      fail(new Error(`the worker ended:\n${printed}`));
      resolve();
    });
  });
  return {
    pid: child.pid ?? 0,
    printed: () => printed,
    says: (pattern) =>
      new Promise((found, failed) => {
        fail = failed;
        look = () => pattern.test(printed) && found();
        look();
      }),
    end: () => {
      child.kill("SIGKILL");
      return ended;
    },
  };
}

export function residentMiB({ pid }: Worker): number {
  const [, kib = "0"] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kib) / 1_024;
}

/** Linux counts a process's CPU in hundredths of a second. */
const TICKS_A_SECOND = 100;

/** User and system time of a process without its children, in seconds. */
export function cpuSeconds({ pid }: Worker): number {
  const [, rest = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
  const [user, system] = rest.split(" ").slice(11, 13).map(Number);
  return ((user ?? 0) + (system ?? 0)) / TICKS_A_SECOND;
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
