import { afterEach, expect, test } from "vitest";
import { openSite, type Site, seen } from "../site.ts";

/** The queues that the lanes of each worker serve, by chain; `*` is all of them. */
const lanes = {
  first: "fast_lane:2 manual>*:6",
  second: "manual:2 fast_lane>default:3 *:5",
};
const strict: Readonly<Record<string, readonly string[]>> = {
  fast_lane: ["fast_lane"],
  manual: ["manual"],
  "fast_lane>default": ["fast_lane", "default"],
};
const chains = ["fast_lane", "manual>*", "manual", "fast_lane>default", "*"];

let site: Site | undefined;
afterEach(() => site?.close());

/** Of ten runs one is fast, three are manual, six are neither. */
function mixed(count: number): readonly object[] {
  const queues = ["fast_lane", ...Array(3).fill("manual"), ...Array(6).fill("default")];
  return Array.from({ length: count }, (_, n) => ({
    queue: queues[n % queues.length],
    body: "export default [(state) => ({ ...state, seen: (state.seen ?? 0) + 1 })];",
    input: { n },
  }));
}

/**
 * Half of the runs wait before there is a worker, the others come while both work. Everything is
 * judged by the server's ledger, which checks the slots of each lane at every start.
 */
async function share(count: number, args: readonly string[]) {
  site = await openSite();
  const { lightning, post, ended, worker } = site;
  const before = await post(mixed(count / 2));
  const workers = [
    await worker("first", lanes.first, args),
    await worker("second", lanes.second, args),
  ];
  const ids = [...before, ...(await post(mixed(count / 2)))];
  const runs = await ended(ids);
  for (const one of workers) one.signal("SIGTERM");
  const codes = await Promise.all(workers.map((one) => one.ended));
  return { runs, codes, violations: lightning.ledger.violations, counts: lightning.ledger.counts };
}

function judge({ runs, codes, violations, counts }: Awaited<ReturnType<typeof share>>): void {
  const by = (what: (run: (typeof runs)[number]) => unknown) =>
    Object.fromEntries(
      [...new Set(runs.map(what))].map((key) => [
        key,
        runs.filter((run) => what(run) === key).length,
      ]),
    );
  expect({ states: by((run) => run.state), violations: violations.first, codes }).toEqual({
    states: { success: runs.length },
    violations: [],
    codes: [0, 0],
  });
  expect(by((run) => seen(run, "run:start"))).toEqual({ 1: runs.length });
  expect(by((run) => run.ends.length)).toEqual({ 1: runs.length });
  expect(counts).toMatchObject({ granted: runs.length, grantsLost: 0, lost: 0, refused: 0 });
  const misled = runs.filter((run) => {
    const allowed = strict[run.chain ?? ""];
    return allowed !== undefined && !allowed.includes(run.queued.queue);
  });
  expect(misled.map((run) => `${run.queued.queue} in ${run.chain}`)).toEqual([]);
  expect(Object.keys(by((run) => run.chain)).sort()).toEqual([...chains].sort());
  expect(Object.keys(by((run) => run.workerName)).sort()).toEqual(["first", "second"]);
}

test("10,000 runs over two workers: none lost, none twice, no lane over its capacity", async () => {
  // `--mock` leaves out what a job does, and nothing of lanes, sockets, tokens and events.
  judge(await share(10_000, ["--mock"]));
}, 360_000);

test("1,000 runs whose jobs are executed: none lost, none twice, no lane over its capacity", async () => {
  const shared = await share(1_000, []);
  judge(shared);
  expect(shared.runs.filter((run) => (run.finalState as { seen?: number }).seen !== 1)).toEqual([]);
}, 240_000);
