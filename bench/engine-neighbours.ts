import { performance } from "node:perf_hooks";
import { createEngine, type Engine, type ExecutionPlan } from "@workloops/engine";
import { hostileJobs } from "../test/e2e/neighbour-jobs.ts";
import { idleChildren } from "./idle-children.ts";
import { type Row, row } from "./measure.ts";

const rounds = 5;

/** What most jobs are: an adaptor, something to compute, a wait for somebody else, a line. */
const goodJob = `
fn((state) => {
  const rows = Array.from({ length: 5000 }, (_, id) => ({ id, name: 'row ' + (id * 7919) % 5000 }));
  rows.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { ...state, count: JSON.parse(JSON.stringify(rows)).length };
});
fn((state) => new Promise((done) => setTimeout(() => done(state), 100)));
fn((state) => { console.log('rows', state.count); return state; });`;

/** So many are measured between two turns alone. */
const between = 3;

/**
 * How long five good runs take beside a sixth: another good one, or a hostile one, against alone.
 * Every few turns are between two turns alone, so that what else the machine does falls on both.
 * All that is made for later is made before a turn begins, and the sixth cannot lend its spare to
 * the five.
 */
export async function besideAnother(places: Places): Promise<Row[]> {
  const engine = await createEngine({ ...places, capacity: 6, memoryLimitMb: 100 });
  const good: ExecutionPlan = {
    id: "run",
    steps: [{ id: "a", name: "A", adaptors: [places.adaptor], expression: goodJob }],
  };
  const others = [["a sixth good one", good] as const, ...hostileJobs].map(([name, plan]) => ({
    name,
    sixth: withAdaptor(plan, places.adaptor),
    samples: [] as number[],
  }));
  // The first ones make what is kept: the spares, the pack's code, the compiled jobs.
  for (const { sixth } of others) await five(engine, good, sixth);
  let before = await five(engine, good, undefined);
  for (let round = 0; round < rounds; round += 1) {
    for (let first = 0; first < others.length; first += between) {
      const group = others.slice(first, first + between);
      const took: number[] = [];
      for (const { sixth } of group) took.push(await five(engine, good, sixth));
      const after = await five(engine, good, undefined);
      const alone = (before + after) / 2;
      for (const [n, { samples }] of group.entries()) samples.push((took[n] ?? Number.NaN) / alone);
      before = after;
    }
  }
  await engine.close();
  const limit = { value: 1.1, sense: "at most", of: "median" } as const;
  return others.map(({ name, samples }) =>
    row(`five good runs beside ${name}, to alone`, "x", samples, limit),
  );
}

export interface Places {
  readonly repoDir: string;
  readonly childPath: string;
  readonly adaptor: string;
}

async function five(
  engine: Engine,
  good: ExecutionPlan,
  sixth: ExecutionPlan | undefined,
): Promise<number> {
  await idleChildren();
  const start = performance.now();
  const limits = { timeoutMs: 4_000, memoryLimitMb: 99 };
  const other = sixth && engine.execute(sixth, "{}", limits, "other", () => undefined);
  await Promise.all([1, 2, 3, 4, 5].map(() => goodRun(engine, good)));
  const took = performance.now() - start;
  other?.kill({ reason: "kill", type: "Enough", message: "" });
  await other?.ended;
  return took;
}

async function goodRun(engine: Engine, plan: ExecutionPlan): Promise<void> {
  let end = "";
  await engine.execute(plan, '{"data":{"a":1}}', {}, "manual", ({ type }) => {
    end = type;
  }).ended;
  if (end !== "workflow-complete") throw new Error(`a good run ended with ${end}`);
}

function withAdaptor(plan: ExecutionPlan, adaptor: string): ExecutionPlan {
  const steps = plan.steps.map((step) => ({
    ...step,
    adaptors: [...new Set([...(step.adaptors ?? []), adaptor])],
  }));
  return { ...plan, steps };
}
