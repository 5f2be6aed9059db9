import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { type LocalLightning, startLocalLightning } from "@workloops/local-lightning";
import { defaultSettings, initialState, step, wakeAt } from "@workloops/worker/core";
import { openJournal } from "../packages/worker/src/adapters/journal/open-journal.ts";
import { percentile, type Row, row } from "./measure.ts";

const secret = "bench";
const bin = "packages/worker/bin/workloops-worker.mjs";
const slow =
  "export default [(state) => new Promise((done) => setTimeout(() => done(state), 600000))];";
const quick = "export default [(state) => state];";

interface Worker {
  readonly pid: number;
  readonly says: (pattern: RegExp) => Promise<number>;
  readonly printed: () => string;
  readonly end: () => Promise<void>;
}

/** The bundle that users get, as a process of its own. */
function startWorker({ url }: LocalLightning, folder: string, args: readonly string[]): Worker {
  const flags = [
    "--lightning",
    url,
    "--port",
    "0",
    "--repo-dir",
    folder,
    "--no-journal",
    "--log",
    "debug",
  ];
  const child = spawn(process.execPath, [bin, ...flags, ...args], {
    env: { PATH: process.env["PATH"], HOME: folder, WORKER_SECRET: secret },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  let look: () => void = () => {};
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
    look();
  });
  return {
    pid: child.pid ?? 0,
    printed: () => printed,
    says: (pattern) =>
      new Promise((found, failed) => {
        child.on("close", () => failed(new Error(`the worker ended:\n${printed}`)));
        look = () => pattern.test(printed) && found(performance.now());
        look();
      }),
    end: () =>
      new Promise((ended) => {
        child.on("close", () => ended());
        child.kill("SIGKILL");
      }),
  };
}

async function send({ httpUrl }: LocalLightning, count: number, queue: string, body: string) {
  const runs = Array.from({ length: count }, () => ({ queue, body }));
  const response = await fetch(`${httpUrl}/runs`, { method: "POST", body: JSON.stringify(runs) });
  return ((await response.json()) as { id: string }[]).map(({ id }) => id);
}

/** Resolves when a run has changed so often: 1 claimed, and all of it when it has ended. */
async function changed({ httpUrl }: LocalLightning, id: string, since: number): Promise<void> {
  await (await fetch(`${httpUrl}/runs/${id}?since=${since}&wait=60000`)).arrayBuffer();
}

const whole = Number.MAX_SAFE_INTEGER;

/** Milliseconds on the server's clock from a run's creation to its claim. */
function claimDelay({ ledger }: LocalLightning, id: string): number {
  const run = ledger.runs.get(id);
  if (run?.claimedAt == null) throw new Error(`run ${id} was not claimed`);
  return (run.claimedAt - run.queued.insertedAt) / 1_000;
}

/** The fast lane while the general slots are full. */
async function lanes(server: LocalLightning, folder: string): Promise<Row[]> {
  const worker = startWorker(server, folder, ["--workloops", "fast_lane:1 manual>*:4"]);
  await worker.says(/joined the queue/);
  const held = await send(server, 4, "default", slow);
  await Promise.all(held.map((id) => changed(server, id, 0)));
  const claims: number[] = [];
  const starts: number[] = [];
  for (let n = 0; n < 120; n += 1) {
    const [id = ""] = await send(server, 1, "fast_lane", quick);
    await changed(server, id, whole);
    const run = server.ledger.runs.get(id);
    if (n < 20 || run?.startedAt == null || run.claimedAt === null) continue;
    claims.push(claimDelay(server, id));
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

/** Idle slots and one claim. */
async function fill(server: LocalLightning, folder: string, slots: number): Promise<Row> {
  const worker = startWorker(server, folder, [
    "--workloops",
    `*:${slots}`,
    "--mock",
    "--backoff",
    "60/60",
  ]);
  await worker.says(/joined the queue/);
  const delays: number[] = [];
  for (let n = 0; n < 20; n += 1) {
    const ids = await send(server, slots, "default", quick);
    await Promise.all(ids.map((id) => changed(server, id, whole)));
    delays.push(Math.max(...ids.map((id) => claimDelay(server, id))));
  }
  await worker.end();
  return row(`fill ${slots} idle slots`, "ms", delays, { value: 20, sense: "at most", of: "p95" });
}

/** Polling alone, with a backoff of a tenth, so that idling takes a tenth of the time. */
async function polling(server: LocalLightning, folder: string): Promise<Row[]> {
  const worker = startWorker(server, folder, [
    "--workloops",
    "*:1",
    "--mock",
    "--backoff",
    "0.1/1",
  ]);
  await worker.says(/joined the queue/);
  const delays: number[] = [];
  const idle: number[] = [];
  for (let n = 0; n < 12; n += 1) {
    const before = claimsOf(worker);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    idle.push(claimsOf(worker) - before);
    const [id = ""] = await send(server, 1, "default", quick);
    await changed(server, id, whole);
    delays.push(claimDelay(server, id));
  }
  await worker.end();
  return [
    row("enqueue to claim, no wake-up, longest wait 1 s", "ms", delays, {
      value: 1_000,
      sense: "at most",
      of: "p95",
    }),
    row("claims of an idle lane in 3 s, shortest wait 0.1 s", "count", idle, {
      value: 30,
      sense: "at most",
      of: "p95",
    }),
  ];
}

function claimsOf(worker: Worker): number {
  return worker.printed().match(/claims \d+ run/g)?.length ?? 0;
}

async function storm(server: LocalLightning, folder: string): Promise<Row> {
  const worker = startWorker(server, folder, [
    "--workloops",
    "a:5 b:5",
    "--mock",
    "--backoff",
    "60/60",
  ]);
  await worker.says(/joined the queue[\s\S]*claims[\s\S]*claims/);
  const counts: number[] = [];
  for (let n = 0; n < 5; n += 1) {
    const before = claimsOf(worker);
    await fetch(`${server.httpUrl}/faults`, {
      method: "POST",
      body: JSON.stringify({ kind: "wake-up-storm", count: 200, ms: 100 }),
    });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    counts.push((claimsOf(worker) - before) / 2);
  }
  await worker.end();
  return row("claims a lane for 200 wake-ups in 100 ms", "count", counts, {
    value: 2,
    sense: "at most",
    of: "p95",
  });
}

/** The core alone, on a clock that jumps: 20 idle lanes for a minute at the default backoff. */
function idleCpu(): Row {
  const settings = {
    ...defaultSettings,
    lanes: Array.from({ length: 20 }, (_, n) => ({ queues: [`q${n}`], capacity: 1 })),
    join: { capacity: 20, queues: {} },
  };
  const samples: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    const start = process.cpuUsage();
    playIdleMinute(settings);
    const { user, system } = process.cpuUsage(start);
    samples.push((user + system) / 1_000_000);
  }
  return row("20 idle lanes for 60 s: the claim loops' own CPU", "s", samples, {
    value: 0.2,
    sense: "at most",
    of: "p95",
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

/** What a run waits for before it starts: its line on the disk. */
async function journal(folder: string): Promise<Row> {
  const { journal, close } = await openJournal(join(folder, "state"));
  const times: number[] = [];
  for (let n = 0; n < 300; n += 1) {
    const run = `run-${n}`;
    void journal.append({ type: "claimed", run, chain: "*", token: "t".repeat(700) });
    const began = performance.now();
    await journal.append({ type: "started", run });
    times.push(performance.now() - began);
    void journal.append({ type: "ended", run });
  }
  await close();
  const name = "what the journal costs a run before it starts";
  return row(name, "ms", times, { value: 2, sense: "at most", of: "p95" });
}

async function start(server: LocalLightning, folder: string): Promise<Row[]> {
  const times: number[] = [];
  const sizes: number[] = [];
  for (let n = 0; n < 10; n += 1) {
    const began = performance.now();
    const worker = startWorker(server, folder, []);
    times.push((await worker.says(/claims \d+ run/)) - began);
    sizes.push(residentMiB(worker.pid));
    await worker.end();
  }
  return [
    row("start to first claim", "ms", times, { value: 300, sense: "at most", of: "median" }),
    row("resident memory idle, main process", "MiB", sizes, {
      value: 90,
      sense: "at most",
      of: "p95",
    }),
  ];
}

function residentMiB(pid: number): number {
  const [, kib = "0"] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kib) / 1024;
}

export async function bench(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "workloops-bench-"));
  const server = await startLocalLightning({ secret, wakeUpWindowMs: 0 });
  const quiet = await startLocalLightning({ secret, wakeUps: false });
  try {
    return [
      ...(await start(server, folder)),
      ...(await lanes(server, folder)),
      await fill(server, folder, 5),
      await fill(server, folder, 100),
      ...(await polling(quiet, folder)),
      await storm(server, folder),
      await journal(folder),
      idleCpu(),
    ];
  } finally {
    await server.close();
    await quiet.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
