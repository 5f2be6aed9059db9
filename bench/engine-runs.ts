import { childrenOf, idleChildren } from "./idle-children.ts";
import {
  openSite,
  quick,
  residentMiB,
  type Site,
  startWorker,
  type Worker,
} from "./worker-site.ts";

/** A run that is sent to a whole worker. */
export interface Sent {
  readonly body: string;
  readonly adaptor?: string;
}

/** Milliseconds after a claim was granted, on this machine's clock. */
export interface Granted {
  readonly started: number;
  /** When its job said its first line: not a number where it says none. */
  readonly firstLine: number;
}

/** Runs one after another through a whole worker: each finds a spare that is warm, or none at all. */
export async function grantedToStart(
  run: Sent,
  count: number,
  { spare }: { readonly spare: boolean },
  { folder, repoDir }: { readonly folder: string; readonly repoDir: string },
): Promise<readonly Granted[]> {
  const site = await openSite(true);
  const worker = startWorker(site, folder, ["--workloops", "*:1", "--repo-dir", repoDir]);
  try {
    await worker.says(/joined the queue/);
    // The first ones make what is kept: the spare, the pack's code, the compiled job.
    for (const _ of [1, 2]) {
      await one(site, run);
      await idleChildren(worker.pid);
    }
    const times: Granted[] = [];
    for (let n = 0; n < count; n += 1) {
      await idleChildren(worker.pid);
      if (!spare) await dropSpares(worker);
      times.push(await one(site, run));
    }
    return times;
  } finally {
    await worker.end();
    await site.close();
  }
}

async function one(site: Site, run: Sent): Promise<Granted> {
  const response = await fetch(`${site.httpUrl}/runs`, {
    method: "POST",
    body: JSON.stringify({ queue: "default", ...run }),
  });
  const { id } = (await response.json()) as { id: string };
  await site.ended([id]);
  const record = site.ledger.runs.get(id);
  if (record?.claimedAt == null || record.startedAt === null || record.reason !== "success")
    throw new Error(`run ${id} ended as ${record?.reason}`);
  const line = record.logs.find(({ source }) => source === "JOB");
  const since = (microseconds: number): number => (microseconds - (record.claimedAt ?? 0)) / 1_000;
  return {
    started: since(record.startedAt),
    firstLine: line === undefined ? Number.NaN : since(line.timestamp),
  };
}

/** Ends the children that wait; the worker makes another when a run needs one. */
async function dropSpares({ pid }: Worker): Promise<void> {
  for (const child of childrenOf(pid)) process.kill(Number(child), "SIGKILL");
  while (childrenOf(pid).length > 0) await new Promise((done) => setTimeout(done, 5));
}

/**
 * Resident memory of the worker's main process after so many runs in a row, by number of runs.
 * Nothing collects its garbage but V8 itself.
 */
export async function memoryAfter(
  counts: readonly number[],
  folder: string,
): Promise<ReadonlyMap<number, number>> {
  const site = await openSite(true);
  const worker = startWorker(site, folder, ["--workloops", "*:2"]);
  const after = new Map<number, number>();
  let done = 0;
  try {
    await worker.says(/joined the queue/);
    for (const count of counts) {
      await site.ended(await site.send(count - done, "default", quick));
      done = count;
      after.set(count, residentMiB(worker));
    }
  } finally {
    await worker.end();
    await site.close();
  }
  return after;
}
