import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FaultSite, openFaultSite, type RunView, type WorkerOptions } from "../fault-site.ts";

const preload = pathToFileURL(join(import.meta.dirname, "kill-at.mjs")).href;

/** What a worker does to its journal: writing an entry, or spaces over one, and keeping the file. */
const operations = [
  ...["write claimed", "write started", "write ending", "write ended", "write blank"],
  ...["sync", "rename"],
];

/** Far more of one operation than there are in these lives. */
const MAX_NUMBER = 50;

type When = "before" | "after";

/** The two are tried at the same time, each with a queue of its own. */
const queues = { before: "fast_lane", after: "manual" } as const;

/** At the n-th operation of this kind. */
interface Kill {
  readonly at: string;
  readonly number: number;
  readonly when: When;
}

let site: FaultSite;
let traces = 0;
let lives = 0;

beforeAll(async () => {
  site = await openFaultSite();
});

afterAll(() => site.close());

test.each(operations)(
  "fault 17: SIGKILL before and after each `%s` of its journal: what was held ends once, and none executes twice",
  {
    timeout: 600_000,
  },
  async (at) => {
    const points = await both((when) => eachPoint((number) => killed(at, { at, number, when })));
    // Each of the two runs is written four times and blanked once; the file begins and ends anew.
    const least = at === "sync" ? 4 : 2;
    expect(Math.min(...points)).toBeGreaterThanOrEqual(least);
    expect((await site.violations()).violations).toEqual([]);
  },
);

test("fault 17: SIGKILL of the heir too, before and after each step of taking a journal over", {
  timeout: 600_000,
}, async () => {
  const first: Kill = { at: "write started", number: 1, when: "after" };
  const points = await both((when) =>
    eachPoint(async (number) => {
      const trace = await killed("heir", first, { at: "any", number, when });
      // From then on it is a worker as any other, which the tests above are about.
      return trace?.includes("rename \nsync \n") ? undefined : trace;
    }),
  );
  // Three entries, a sync, a rename, and the sync behind it, which is done where the last one dies.
  expect(points).toEqual([6, 5]);
  expect((await site.violations()).violations).toEqual([]);
});

/** A worker that is killed there, and what it has done to its journal. */
async function dying(worker: WorkerOptions & { stateDir: string }, { at, number, when }: Kill) {
  traces += 1;
  const trace = join(site.folder, `trace-${traces}`);
  const kill = { KILL_AT: at, KILL_NUMBER: String(number), KILL_WHEN: when };
  const files = { KILL_FOLDER: worker.stateDir, KILL_TRACE: trace };
  const env = { ...kill, ...files, NODE_OPTIONS: `--import ${preload}` };
  return [await site.worker({ ...worker, env }, false), () => readFileSync(trace, "utf8")] as const;
}

async function both<T>(kill: (when: When) => Promise<T>): Promise<readonly T[]> {
  return Promise.all([kill("before"), kill("after")]);
}

/** Kills at the first point, the second and so on, until a life has no more of them. Says how many. */
async function eachPoint(kill: (number: number) => Promise<string | undefined>): Promise<number> {
  for (let number = 1; number < MAX_NUMBER; number += 1) {
    if ((await kill(number)) === undefined) return number - 1;
  }
  throw new Error(`more than ${MAX_NUMBER} of one operation on a journal`);
}

/**
 * Two runs, a worker for each kill, and one that lives and ends what they left. Resolves with what
 * the last of the killed had done to its journal; `undefined` where it did not come to its kill.
 */
async function killed(name: string, ...kills: readonly Kill[]): Promise<string | undefined> {
  lives += 1;
  // Another life begins while this one awaits something.
  const life = lives;
  const queue = queues[kills.at(-1)?.when ?? "before"];
  const names = ["a", "b"].map((one) => `${name.replace(" ", "-")}-${life}-${one}`);
  const ids = await site.post(names.map((one) => site.job(one, "", { queue })));
  const worker = { lanes: `${queue}:2`, stateDir: join(site.folder, `state-${life}`) };
  let all = "";
  let trace = "";
  for (const kill of kills) {
    const [first, traceOf] = await dying(worker, kill);
    await Promise.race([first.ended, site.ended(ids)]);
    first.signal("SIGTERM");
    const code = await first.ended;
    trace = traceOf();
    all += trace;
    if (code === null) continue;
    expect([code, kill]).toEqual([0, kills.at(-1)]);
    return undefined;
  }
  const known = await knownRuns(ids, all);
  const next = await site.worker(worker);
  for (const run of await site.ended(known)) expectOneEnd(run, names[ids.indexOf(run.id)] ?? "");
  for (const [index, id] of ids.entries()) {
    if (known.includes(id)) continue;
    // Only where it died on reading of them.
    expect(kills.at(-1)?.at).toBe("write claimed");
    await expectUnknown(id, names[index] ?? "");
  }
  next.signal("SIGTERM");
  expect(await next.ended).toBe(0);
  return trace;
}

/** All but those that were handed out and not written down before the worker was killed. */
async function knownRuns(ids: readonly string[], trace: string): Promise<readonly string[]> {
  const runs = await Promise.all(ids.map((id) => site.run(id)));
  return runs
    .filter(({ id, state }) => state !== "claimed" || trace.includes(`write claimed ${id}\n`))
    .map(({ id }) => id);
}

function expectOneEnd(run: RunView, name: string): void {
  expect([name, run.ends.length]).toEqual([name, 1]);
  expect(site.witness.executions(name)).toBeLessThanOrEqual(1);
  if (run.reason === "success") expect(site.witness.executions(name)).toBe(1);
  else expect([run.reason, run.error_type]).toEqual(["crash", "WorkerDied"]);
}

/** Nothing was done, and the server's janitor has to find it. */
async function expectUnknown(id: string, name: string): Promise<void> {
  expect(await site.run(id)).toMatchObject({ state: "claimed", ends: [] });
  expect(site.witness.executions(name)).toBe(0);
}
