import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { createEngine, type Engine, type ExecutionPlan } from "@workloops/engine";
import { installAdaptors } from "@workloops/engine/install-adaptors";
import { compileJob } from "../packages/engine/src/compile/compile-job.ts";
import { createCompileCache } from "../packages/engine/src/compile-cache.ts";
import { spawnSpare } from "./engine-spare.ts";
import { idleChildren } from "./idle-children.ts";
import { percentile, type Row, row, sample } from "./measure.ts";

const repoDir = resolve("node_modules/.cache/workloops-adaptors");
const childPath = resolve("packages/engine/dist/bundle/child.cjs");
const common = "@openfn/language-common@3.2.3";

const tiny: ExecutionPlan = plan("export default [(state) => ({ ...state, done: 1 })];");
const withCommon: ExecutionPlan = plan("fn((state) => { console.log('first'); return state; });", [
  common,
]);

function plan(expression: string, adaptors: readonly string[] = []): ExecutionPlan {
  return { id: "run", steps: [{ id: "a", name: "A", expression, adaptors }] };
}

/** Milliseconds from the call until an event of a run that ends well. */
async function until(
  engine: Engine,
  wanted: ExecutionPlan,
  isIt: (event: { type: string; source?: string }) => boolean,
): Promise<number> {
  const start = performance.now();
  let reached = Number.NaN;
  await engine.execute(wanted, '{"data":{"a":1}}', {}, "manual", (event) => {
    if (Number.isNaN(reached) && isIt(event)) reached = performance.now() - start;
  }).ended;
  return reached;
}

const isStart = (event: { type: string }) => event.type === "workflow-start";
const isFirstLine = (event: { type: string; source?: string }) => event.source === "JOB";

async function times(count: number, one: () => Promise<number>): Promise<number[]> {
  const samples: number[] = [];
  for (let i = 0; i < count; i += 1) samples.push(await one());
  return samples;
}

async function latencies(): Promise<Row[]> {
  const engine = await createEngine({ repoDir, childPath, capacity: 1, memoryLimitMb: 500 });
  const spared = (wanted: ExecutionPlan, isIt: typeof isFirstLine) => async () => {
    await idleChildren();
    return until(engine, wanted, isIt);
  };
  await until(engine, tiny, isStart);
  const start = await times(20, spared(tiny, isStart));
  await until(engine, withCommon, isFirstLine);
  const first = await times(20, spared(withCommon, isFirstLine));
  await engine.close();
  const cold = await createEngine({
    repoDir,
    childPath,
    capacity: 1,
    memoryLimitMb: 500,
    spares: 0,
  });
  const coldStart = await times(15, () => until(cold, tiny, isStart));
  const coldFirst = await times(15, () => until(cold, withCommon, isFirstLine));
  await cold.close();
  const atMost = (value: number) => ({ value, sense: "at most", of: "median" }) as const;
  return [
    row("run accepted to run:start, spare ready", "ms", start, atMost(15)),
    row("run accepted to first operation, language-common, spare ready", "ms", first, atMost(40)),
    row("run accepted to run:start, no spare", "ms", coldStart),
    row("run accepted to first operation, language-common, no spare", "ms", coldFirst, atMost(250)),
  ];
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

/** Resident memory of this process after many runs, against that after the first hundred. */
async function leaking(): Promise<Row[]> {
  const collect = (globalThis as { gc?: () => void }).gc ?? (() => undefined);
  const engine = await createEngine({ repoDir, childPath, capacity: 2, memoryLimitMb: 200 });
  const residentMb = () => {
    collect();
    return process.memoryUsage().rss / 1024 / 1024;
  };
  const many = (count: number) =>
    Promise.all([1, 2].map(() => times(count / 2, () => until(engine, tiny, isStart))));
  await many(100);
  const early = residentMb();
  await many(900);
  const late = residentMb();
  await engine.close();
  return [
    row("memory of the engine's process after 1,000 runs, to that after 100", "x", [late / early], {
      value: 1.1,
      sense: "at most",
      of: "median",
    }),
  ];
}

/** How long five short runs take beside one that never ends, against alone. */
async function besideAnEndlessLoop(): Promise<Row> {
  const engine = await createEngine({ repoDir, childPath, capacity: 6, memoryLimitMb: 200 });
  const five = async () => {
    const start = performance.now();
    await Promise.all([1, 2, 3, 4, 5].map(() => until(engine, tiny, isStart)));
    return performance.now() - start;
  };
  await times(3, five);
  const alone = await times(10, five);
  const loop = engine.execute(
    plan("export default [() => { for (;;); }];"),
    "{}",
    {},
    "other",
    () => undefined,
  );
  await new Promise((done) => setTimeout(done, 1_500));
  const beside = await times(10, five);
  loop.kill({ reason: "kill", type: "Enough", message: "" });
  await engine.close();
  const median = percentile(alone, 0.5);
  return row(
    "five short runs beside an endless loop, to alone",
    "x",
    beside.map((time) => time / median),
  );
}

async function spareMemory(): Promise<Row[]> {
  const limit = { value: 60, sense: "at most", of: "median" } as const;
  return [
    row("resident memory of a spare", "MiB", await spawnSpare([], repoDir, childPath), limit),
    row(
      "resident memory of a spare with language-common",
      "MiB",
      await spawnSpare([common], repoDir, childPath),
    ),
  ];
}

export async function bench(): Promise<Row[]> {
  mkdirSync(repoDir, { recursive: true });
  await installAdaptors([common], { repoDir });
  return [
    ...(await compiling()),
    ...(await latencies()),
    await throughput(),
    await besideAnEndlessLoop(),
    ...(await spareMemory()),
    ...(await leaking()),
  ];
}
