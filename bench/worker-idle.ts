import { defaultSettings, initialState, step, wakeAt } from "@workloops/worker/core";
import { type Row, row } from "./measure.ts";
import {
  claimDelay,
  cpuSeconds,
  openSite,
  quick,
  residentMiB,
  type Site,
  sleep,
  slow,
  startWorker,
  type Worker,
} from "./worker-site.ts";

/** The default of `--backoff`. */
const minBackoffMs = 1_000;
const maxBackoffMs = 10_000;
const idleMs = 30_000;
/** Workers that are idle side by side, so that thirty seconds give many samples. */
const workers = 5;
/** How many runs each lane has had before it idles. */
const ranBefore = [0, 10, 30];
const idleLanes = ["fast_lane", "manual"];

interface Idler {
  readonly site: Site;
  readonly worker: Worker;
}

interface Seen {
  readonly delays: number[];
  readonly claims: number[];
  readonly residents: number[];
}

/**
 * Polling alone, at the default backoff: each worker's general slots hold a run, two strict lanes
 * have nothing for 30 s whatever ran before, and then a run comes for each.
 */
export async function idle(folder: string): Promise<Row[]> {
  const seen: Seen = { delays: [], claims: [], residents: [] };
  await Promise.all(Array.from({ length: workers }, () => idleOnce(folder, seen)));
  return [
    row("enqueue to claim, no wake-up, idle for 30 s, general slots full", "ms", seen.delays, {
      value: maxBackoffMs,
      sense: "at most",
      of: "p95",
    }),
    row("most claims of an idle lane in 30 s", "count", [Math.max(...seen.claims)], {
      value: idleMs / minBackoffMs,
      sense: "at most",
      of: "median",
    }),
    row("resident memory idle, main process", "MiB", seen.residents, {
      value: 90,
      sense: "at most",
      of: "p95",
    }),
  ];
}

async function idleOnce(folder: string, seen: Seen): Promise<void> {
  const site = await openSite(false);
  const worker = startWorker(site, folder, ["--workloops", "fast_lane:1 manual:1 *:2"]);
  try {
    await worker.says(/joined the queue/);
    await site.claimed(await site.send(2, "default", slow));
    for (const count of ranBefore) await oneRound({ site, worker }, count, seen);
  } finally {
    await worker.end();
    await site.close();
  }
}

async function oneRound({ site, worker }: Idler, before: number, seen: Seen): Promise<void> {
  for (const queue of idleLanes) await site.ended(await site.send(before, queue, quick));
  const start = idleLanes.map((lane) => claimsOf(worker, lane));
  await sleep(idleMs);
  for (const [index, lane] of idleLanes.entries()) {
    seen.claims.push(claimsOf(worker, lane) - (start[index] ?? 0));
  }
  seen.residents.push(residentMiB(worker));
  const sent = await Promise.all(idleLanes.map((queue) => site.send(1, queue, quick)));
  await site.ended(sent.flat());
  for (const id of sent.flat()) seen.delays.push(claimDelay(site, id));
}

/**
 * How often a lane has claimed, by what the worker logs.
 * @throws Error where it has not claimed at all, since each does when it has joined
 */
export function claimsOf(worker: Worker, lane: string): number {
  const lines = worker.printed().split("\n");
  const claims = lines.filter(
    (line) => line.includes(`"lane":"${lane}"`) && line.includes('"msg":"claims '),
  );
  if (claims.length === 0) throw new Error(`lane ${lane} logs no claims:\n${worker.printed()}`);
  return claims.length;
}

const lanes = Array.from({ length: 20 }, (_, n) => `q${n}`);

/** What 20 idle lanes cost a worker in a minute, over what the same worker takes without claiming. */
export async function idleCpu(folder: string): Promise<Row[]> {
  const site = await openSite(false);
  const configuration = lanes.map((lane) => `${lane}:1`).join(" ");
  const args = ["--mock", "--log", "info", "--workloops", configuration];
  const claiming = startWorker(site, folder, args);
  const resting = startWorker(site, folder, [...args, "--no-loop"]);
  try {
    await Promise.all([claiming, resting].map((worker) => worker.says(/joined the queue/)));
    // What starting costs is no cost of idling.
    await sleep(2_000);
    const before = cpuSeconds(claiming) - cpuSeconds(resting);
    await sleep(60_000);
    const own = cpuSeconds(claiming) - cpuSeconds(resting) - before;
    const limit = { value: 0.2, sense: "at most", of: "median" } as const;
    return [
      row("20 idle lanes for 60 s: CPU of the process over one that does not claim", "s", [own]),
      row("the claim loops' own CPU, 20 idle lanes for 60 s", "s", coreCpu(), limit),
    ];
  } finally {
    await Promise.all([claiming.end(), resting.end()]);
    await site.close();
  }
}

/** The core alone, on a clock that jumps: what decides, without sockets, frames and log lines. */
function coreCpu(): readonly number[] {
  const settings = {
    ...defaultSettings,
    lanes: lanes.map((lane) => ({ queues: [lane], capacity: 1 })),
    join: { capacity: lanes.length, queues: {} },
  };
  return Array.from({ length: 20 }, () => {
    const start = process.cpuUsage();
    playIdleMinute(settings);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1_000_000;
  });
}

function playIdleMinute(settings: Parameters<typeof initialState>[0]): void {
  let state = initialState(settings, [1, 2, 3, 4]);
  const tell = (at: number, happening: object): void => {
    const result = step(state, { ...happening, at, wall: at } as Parameters<typeof step>[1]);
    state = result.state;
    for (const effect of result.effects) {
      if (effect.type === "open-socket") tell(at, { type: "socket-open", socket: effect.socket });
      if (effect.type !== "send" || effect.frame.event === "phx_leave") continue;
      const payload = { status: "ok", response: { runs: [] } };
      const frame = { ...effect.frame, event: "phx_reply", payload };
      tell(at, { type: "socket-frame", socket: effect.socket, frame });
    }
  };
  tell(0, { type: "start", recovered: [] });
  for (let at = wakeAt(state); at <= 60_000; at = wakeAt(state)) tell(at, { type: "tick" });
}
