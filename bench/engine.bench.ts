import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { createEngine, type Engine, type ExecutionPlan } from "@workloops/engine";
import { installAdaptors } from "@workloops/engine/install-adaptors";
import { compileJob } from "../packages/engine/src/compile/compile-job.ts";
import { createCompileCache } from "../packages/engine/src/compile-cache.ts";
import { writeHostileAdaptor } from "../test/e2e/neighbour-jobs.ts";
import { besideAnother } from "./engine-neighbours.ts";
import { grantedToStart, memoryAfter } from "./engine-runs.ts";
import { spawnSpare } from "./engine-spare.ts";
import { percentile, type Row, row, sample } from "./measure.ts";

const repoDir = resolve("node_modules/.cache/workloops-adaptors");
const childPath = resolve("packages/engine/dist/bundle/child.cjs");
const adaptor = "@openfn/language-common@3.2.3";
const firstOperation = "fn((state) => { console.log('first'); return state; });";

const tiny: ExecutionPlan = plan("export default [(state) => ({ ...state, done: 1 })];");
function plan(expression: string, adaptors: readonly string[] = []): ExecutionPlan {
  return { id: "run", steps: [{ id: "a", name: "A", expression, adaptors }] };
}

/** Milliseconds from the call until an event of a run that ends well. */
async function until(
  engine: Engine,
  wanted: ExecutionPlan,
  isIt: (event: { type: string }) => boolean,
): Promise<number> {
  const start = performance.now();
  let reached = Number.NaN;
  await engine.execute(wanted, '{"data":{"a":1}}', {}, "manual", (event) => {
    if (Number.isNaN(reached) && isIt(event)) reached = performance.now() - start;
  }).ended;
  return reached;
}

const isStart = (event: { type: string }) => event.type === "workflow-start";

/** A limit on the median and one on the 95th percentile make two rows. */
function both(name: string, unit: Row["unit"], samples: readonly number[], at: Limits): Row[] {
  const { p50, p95 } = at;
  const tail = percentile(samples, 0.95);
  return [
    row(name, unit, samples, { value: p50, sense: "at most", of: "median" }),
    row(`${name}, p95`, unit, [tail], { value: p95, sense: "at most", of: "median" }),
  ];
}

interface Limits {
  readonly p50: number;
  readonly p95: number;
}

/** Through a whole worker and a local Lightning, one run at a time. */
async function latencies(folder: string): Promise<Row[]> {
  const places = { folder, repoDir };
  const plain = { body: "export default [(state) => state];" };
  const common = { body: firstOperation, adaptor };
  const [ready, first, cold] = [
    await grantedToStart(plain, 20, { spare: true }, places),
    await grantedToStart(common, 20, { spare: true }, places),
    await grantedToStart(common, 20, { spare: false }, places),
  ];
  const starts = [...ready, ...first].map(({ started }) => started);
  const lines = (runs: typeof first) => runs.map(({ firstLine }) => firstLine);
  const operation = "claim granted to first operation, language-common";
  return [
    ...both("claim granted to run:start, spare ready", "ms", starts, { p50: 15, p95: 60 }),
    ...both(`${operation}, spare ready`, "ms", lines(first), { p50: 40, p95: 120 }),
    ...both(`${operation}, no spare`, "ms", lines(cold), { p50: 250, p95: 400 }),
  ];
}

/**
 * Processes of Node that do nothing, two at a time: no run can cost less than its process, and how
 * much that is differs from machine to machine, and from day to day.
 */
async function bareProcesses(): Promise<Row> {
  const one = async () => {
    await once(spawn(process.execPath, ["-e", "0"], { stdio: "ignore" }), "exit");
  };
  const both = await sample(20, () => Promise.all([one(), one()]), 2);
  const rates = both.map((ms) => 2_000 / ms);
  return row("processes of Node that do nothing, two at a time", "1/s", rates);
}

async function throughput(): Promise<Row> {
  const runs = 40;
  const engine = await createEngine({ repoDir, childPath, capacity: 5, memoryLimitMb: 500 });
  const samples: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    let left = runs;
    const start = performance.now();
    const lane = async () => {
      while (left > 0) {
        left -= 1;
        await until(engine, tiny, isStart);
      }
    };
    await Promise.all(Array.from({ length: 5 }, lane));
    samples.push(runs / ((performance.now() - start) / 1000));
  }
  await engine.close();
  return row("tiny runs a second, capacity 5", "1/s", samples, {
    value: 18,
    sense: "at least",
    of: "median",
  });
}

const fortyLines = Array.from(
  { length: 10 },
  (_, i) =>
    `fn((state) => {\n  const row${i} = { id: ${i}, name: state.data.name };\n  return { ...state, rows: [...(state.rows ?? []), row${i}] };\n});`,
).join("\n");

async function compiling(): Promise<Row[]> {
  const manifest = join(repoDir, "node_modules/@openfn/language-common_3.2.3/package.json");
  const { name } = JSON.parse(readFileSync(manifest, "utf8")) as { name: string };
  const adaptors = [{ specifier: name, names: ["fn", "each", "dataValue"] }];
  const first = await sample(1, () => compileJob(fortyLines, adaptors), 0);
  let n = 0;
  const other = await sample(100, () => compileJob(`${fortyLines}\n// ${n++}`, adaptors));
  const cache = createCompileCache();
  const known = plan(fortyLines);
  cache.keep(known, { a: JSON.stringify(compileJob(fortyLines, adaptors)) }, []);
  const again = await sample(100, () => JSON.parse(cache.find(known)["a"] ?? ""));
  return [
    row("compile of a 40-line job, again", "ms", again, {
      value: 1,
      sense: "at most",
      of: "median",
    }),
    row("compile of a 40-line job, first in a process", "ms", first, {
      value: 12,
      sense: "at most",
      of: "median",
    }),
    row("compile of a 40-line job, compiler warm", "ms", other),
  ];
}

/** The worker's own process: what it holds after many runs, against after the first hundred. */
async function leaking(folder: string): Promise<Row> {
  const after = await memoryAfter([100, 1_000], folder);
  const ratio = (after.get(1_000) ?? Number.NaN) / (after.get(100) ?? Number.NaN);
  return row("memory of the worker's process after 1,000 runs, to that after 100", "x", [ratio], {
    value: 1.1,
    sense: "at most",
    of: "median",
  });
}

/** Good runs beside hostile ones, in a folder where the hostile ones may have their adaptor too. */
async function neighbours(): Promise<Row[]> {
  const repo = mkdtempSync(join(tmpdir(), "workloops-bench-hostile-"));
  await installAdaptors([adaptor], { repoDir: repo });
  writeHostileAdaptor(repo);
  const rows = await besideAnother({ repoDir: repo, childPath, adaptor });
  rmSync(repo, { recursive: true });
  return rows;
}

async function spareMemory(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [name, adaptors] of [
    ["resident memory of a spare, idle", []],
    ["resident memory of a spare with language-common, idle", [adaptor]],
  ] as const)
    rows.push(
      ...both(name, "MiB", await spawnSpare(adaptors, repoDir, childPath), { p50: 60, p95: 60 }),
    );
  return rows;
}

export async function bench(): Promise<Row[]> {
  mkdirSync(repoDir, { recursive: true });
  await installAdaptors([adaptor], { repoDir });
  const folder = mkdtempSync(join(tmpdir(), "workloops-bench-engine-"));
  const rows = [
    ...(await compiling()),
    ...(await latencies(folder)),
    await bareProcesses(),
    await throughput(),
    ...(await neighbours()),
    ...(await spareMemory()),
    await leaking(folder),
  ];
  rmSync(folder, { recursive: true });
  return rows;
}
