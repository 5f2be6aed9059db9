import { closeSync, fdatasync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { promisify } from "node:util";
import { encodeLine } from "../packages/worker/src/adapters/journal/journal-line.ts";
import { openJournal } from "../packages/worker/src/adapters/journal/open-journal.ts";
import { percentile, type Row, row } from "./measure.ts";
import { claimsOf, idle, idleCpu } from "./worker-idle.ts";
import { claimDelay, openSite, quick, type Site, sleep, slow, startWorker } from "./worker-site.ts";

/** From the start of the process to the claim that brings a run, which waits for it at the server. */
async function start(site: Site, folder: string): Promise<Row> {
  const times: number[] = [];
  for (let n = 0; n < 11; n += 1) {
    const ids = await site.send(1, "default", quick);
    const began = performance.now();
    const worker = startWorker(site, folder, []);
    await site.claimed(ids);
    // The first start reads files that the others find in memory.
    if (n > 0) times.push(performance.now() - began);
    await site.ended(ids);
    await worker.end();
  }
  const name = "start to first claim";
  return row(name, "ms", times, { value: 300, sense: "at most", of: "median" });
}

/** The fast lane while the general slots are full. */
async function lanes(site: Site, folder: string): Promise<Row[]> {
  const worker = startWorker(site, folder, ["--workloops", "fast_lane:1 manual>*:4"]);
  await worker.says(/joined the queue/);
  await site.claimed(await site.send(4, "default", slow));
  const claims: number[] = [];
  const starts: number[] = [];
  for (let n = 0; n < 220; n += 1) {
    const ids = await site.send(1, "fast_lane", quick);
    await site.ended(ids);
    const [id = ""] = ids;
    const run = site.ledger.runs.get(id);
    if (n < 20 || run?.startedAt == null || run.claimedAt === null) continue;
    claims.push(claimDelay(site, id));
    starts.push((run.startedAt - run.claimedAt) / 1_000);
  }
  await worker.end();
  const p99 = percentile(claims, 0.99);
  return [
    row("enqueue to claim, immediate wake-up, general slots full", "ms", claims, {
      value: 2,
      sense: "at most",
      of: "median",
    }),
    row("the same, 99th percentile", "ms", [p99], { value: 15, sense: "at most", of: "median" }),
    row("claim to run:start", "ms", starts),
  ];
}

/**
 * So many runs at once for so many idle slots, until the last is claimed. Between two of these one
 * run comes for the same idle slots: that is the round trip.
 */
async function fill(folder: string, slots: number): Promise<Row[]> {
  const site = await openSite(true);
  const idling = ["--mock", "--backoff", "60/60"];
  const worker = startWorker(site, folder, ["--workloops", `*:${slots}`, ...idling]);
  await worker.says(/joined the queue/);
  const trips: number[] = [];
  const fills: number[] = [];
  const longest = async (count: number): Promise<number> => {
    const ids = await site.send(count, "default", quick);
    await site.ended(ids);
    // The worker hears of its last answer after the server has given it.
    const last = ids.at(-1) ?? "";
    await worker.says(new RegExp(`"run":"${last}".*ended`));
    return Math.max(...ids.map((id) => claimDelay(site, id)));
  };
  for (let n = 0; n < 45; n += 1) {
    const times = [await longest(1), await longest(slots)] as const;
    if (n < 5) continue;
    trips.push(times[0]);
    fills.push(times[1]);
  }
  await worker.end();
  await site.close();
  const value = percentile(trips, 0.5) + 20;
  return [
    row(`one round trip of a worker with ${slots} idle slots`, "ms", trips),
    row(`fill ${slots} idle slots`, "ms", fills, { value, sense: "at most", of: "p95" }),
  ];
}

/** 200 wake-ups in 100 ms while nothing is queued: the most that a lane of five free slots claims. */
async function storm(site: Site, folder: string): Promise<Row> {
  const chains = ["a", "b"];
  const idling = ["--mock", "--backoff", "60/60"];
  const worker = startWorker(site, folder, ["--workloops", "a:5 b:5", ...idling]);
  await worker.says(/joined the queue[\s\S]*"claims [\s\S]*"claims /);
  const counts: number[] = [];
  for (let n = 0; n < 5; n += 1) {
    const before = chains.map((chain) => claimsOf(worker, chain));
    await fetch(`${site.httpUrl}/faults`, {
      method: "POST",
      body: JSON.stringify({ kind: "wake-up-storm", count: 200, ms: 100 }),
    });
    await sleep(1_000);
    counts.push(...chains.map((chain, index) => claimsOf(worker, chain) - (before[index] ?? 0)));
  }
  await worker.end();
  return row("most claims of a lane for 200 wake-ups in 100 ms", "count", [Math.max(...counts)], {
    value: 2,
    sense: "at most",
    of: "median",
  });
}

/**
 * What a run waits for before it starts: its lines on the disk. In turn with it the same lines are
 * written to a file beside the journal and synced, which is what the disk itself takes.
 */
async function journal(folder: string): Promise<Row[]> {
  const { journal, close } = await openJournal(
    join(folder, "state"),
    () => {},
    () => {},
  );
  const bare = openSync(join(folder, "state", "bare"), "w");
  const sync = promisify(fdatasync);
  const times: number[] = [];
  const floor: number[] = [];
  for (let n = 0; n < 300; n += 1) {
    const run = `run-${n}`;
    const claimed = { type: "claimed", run, chain: "*", token: "t".repeat(700) } as const;
    const started = { type: "started", run } as const;
    const began = performance.now();
    void journal.append(claimed);
    await journal.append(started);
    times.push(performance.now() - began);
    await journal.append({ type: "ended", run });
    const lines = encodeLine(claimed) + encodeLine(started);
    const beganBare = performance.now();
    writeSync(bare, lines);
    await sync(bare);
    floor.push(performance.now() - beganBare);
  }
  closeSync(bare);
  await close();
  const limit = { value: 2, sense: "at most", of: "p95" } as const;
  return [
    row("the same lines written and synced without a journal", "ms", floor),
    row("what the journal costs a run before it starts", "ms", times, limit),
  ];
}

export async function bench(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "workloops-bench-"));
  const site = await openSite(true);
  try {
    const timed = [
      await start(site, folder),
      ...(await lanes(site, folder)),
      ...(await fill(folder, 5)),
      ...(await fill(folder, 100)),
      await storm(site, folder),
      ...(await journal(folder)),
    ];
    // Nothing here is measured against a clock of less than a second, so it may share the machine.
    const idling = await Promise.all([idle(folder), idleCpu(folder)]);
    return [...timed, ...idling.flat()];
  } finally {
    await site.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
