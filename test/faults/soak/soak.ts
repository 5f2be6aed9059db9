import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { type FaultSite, openFaultSite, type RunView } from "../fault-site.ts";
import { startProxy } from "../proxy/fault-proxy.ts";
import { type Chance, chanceFrom, pick } from "./chance.ts";
import { judgeRuns, type Verdict } from "./judge-runs.ts";
import { messageFaults } from "./message-faults.ts";
import { type Member, processFault } from "./process-faults.ts";
import { type Sample, slope } from "./slope.ts";

export interface SoakResult {
  readonly verdict: Verdict;
  readonly violations: readonly string[];
  readonly faults: ReadonlyMap<string, number>;
  /** MB a minute after the warm-up, by worker; and from where to where. */
  readonly memory: readonly {
    readonly name: string;
    readonly slope: number;
    readonly range: string;
  }[];
  /** Exit codes of the workers after SIGTERM. */
  readonly exits: readonly (number | null)[];
}

const lanes = ["fast_lane:1 manual>*:3", "fast_lane>manual>*:3", "manual:1 *:2"];
const args = [
  ...["--claim-timeout", "2", "--message-timeout", "2", "--socket-timeout", "2"],
  ...["--backoff", "0.2/1"],
];
/** Longer than the longest fault: a half-open socket is noticed within a minute. */
const RUN_TIMEOUT_MS = 120_000;
/** Three of these a second are within what two busy cores can do. */
const BETWEEN_RUNS_MS = 400;
const BETWEEN_SAMPLES_MS = 5_000;
/** The first part of a soak, in which heaps grow to their size and workers are killed. */
const WARM_UP = 0.25;

/** Three workers under faults for so long, then none, until every run has ended. */
export async function soak(
  minutes: number,
  seed: number,
  say: (line: string) => void,
): Promise<SoakResult> {
  const site = await openFaultSite([
    ...["--run-timeout-ms", String(RUN_TIMEOUT_MS), "--janitor-interval-ms", "2000"],
  ]);
  try {
    return await live(site, minutes, seed, say);
  } finally {
    await site.close();
  }
}

async function live(
  site: FaultSite,
  minutes: number,
  seed: number,
  say: (line: string) => void,
): Promise<SoakResult> {
  const faults = new Map<string, number>();
  const count = (name: string) => void faults.set(name, (faults.get(name) ?? 0) + 1);
  const members = await Promise.all(lanes.map((chains, n) => member(site, n, chains)));
  for (const [n, { proxy }] of members.entries()) {
    proxy.judge = messageFaults(chanceFrom(seed * 10 + n), count);
  }
  const began = performance.now();
  const passed = () => (performance.now() - began) / 60_000;
  const isWarm = () => passed() > minutes * WARM_UP;
  const isOver = () => passed() > minutes;
  const names = new Map<string, string>();
  const work = chanceFrom(seed * 10 + 7);
  const samples = new Map<string, Sample[]>(members.map(({ name }) => [name, []]));
  await Promise.all([
    loop(isOver, BETWEEN_RUNS_MS, () => postRun(site, names, work)),
    faultLoop(chanceFrom(seed * 10 + 8), members, isOver, isWarm, count),
    loop(isOver, BETWEEN_SAMPLES_MS, () => {
      if (isWarm()) sample(members, samples, passed());
    }),
    loop(isOver, 60_000, async () => {
      const { in_progress, counts } = await site.status();
      say(
        `${passed().toFixed(1)} min: ${names.size} runs, ${in_progress} in progress, ${counts.claims} claims`,
      );
    }),
  ]);
  const runs = await endAll(site, members, [...names.keys()]);
  return { ...(await judge(site, members, runs, names)), faults, memory: memoryOf(samples) };
}

/** No fault any more: every run ends, and the janitor ends those whose grant was destroyed. */
async function endAll(
  site: FaultSite,
  members: readonly Member[],
  ids: readonly string[],
): Promise<readonly RunView[]> {
  const claiming = members.map(async ({ proxy }) => {
    proxy.judge = () => undefined;
    const claimed = new Promise<void>((resolve) => {
      proxy.onPassed = ({ event }) => {
        if (event === "claim") resolve();
      };
    });
    // What is held back or frozen must not outlast the faults.
    proxy.cut();
    await claimed;
  });
  // On a new connection a worker joins what it holds before it claims: the rest never arrived.
  await Promise.all(claiming);
  const destroyed = destroyedGrants(members);
  await site.ended(ids.filter((id) => !destroyed.has(id)));
  for (const id of destroyedGrants(members)) await site.fault({ kind: "lose-runs", run_id: id });
  return site.ended(ids);
}

const destroyedGrants = (members: readonly Member[]): ReadonlySet<string> =>
  new Set(members.flatMap(({ proxy }) => [...proxy.destroyedGrants()]));

async function member(site: FaultSite, n: number, chains: string): Promise<Member> {
  const proxy = await startProxy(site.lightningPort);
  const name = `worker ${n + 1}`;
  const stateDir = `${site.folder}/state-${n + 1}`;
  const restart = () => site.worker({ name, lanes: chains, args, proxy, stateDir }, false);
  const worker = await restart();
  await worker.said(/joined the queue/);
  return { name, proxy, worker, restart, printed: [] };
}

async function loop(
  isOver: () => boolean,
  everyMs: number,
  act: () => Promise<void> | void,
): Promise<void> {
  while (!isOver()) {
    await act();
    await setTimeout(everyMs);
  }
}

async function postRun(site: FaultSite, names: Map<string, string>, chance: Chance): Promise<void> {
  const name = `run-${names.size + 1}`;
  const rest = pick(chance, [
    [6, ""],
    [3, `wait(${Math.round(chance() * 2_000)});`],
    [1, 'fail("as it happens");'],
  ]);
  const queue = pick(chance, [
    [2, "fast_lane"],
    [2, "manual"],
    [4, "default"],
  ]);
  const [id = ""] = await site.post([site.job(name, rest, { queue })]);
  names.set(id, name);
}

async function faultLoop(
  chance: Chance,
  members: readonly Member[],
  isOver: () => boolean,
  isWarm: () => boolean,
  count: (name: string) => void,
): Promise<void> {
  while (!isOver()) {
    await setTimeout(2_000 + chance() * 10_000);
    if (!isOver()) await processFault(chance, members, isWarm(), count);
  }
}

function sample(
  members: readonly Member[],
  samples: ReadonlyMap<string, Sample[]>,
  minutes: number,
): void {
  for (const { name, worker } of members) {
    const status = readFileSync(`/proc/${worker.pid}/status`, "utf8");
    const [, kib = "0"] = /VmRSS:\s+(\d+)/.exec(status) ?? [];
    samples.get(name)?.push({ minutes, megabytes: Number(kib) / 1024 });
  }
}

function memoryOf(samples: ReadonlyMap<string, readonly Sample[]>): SoakResult["memory"] {
  return [...samples].map(([name, all]) => {
    const sizes = all.map(({ megabytes }) => Math.round(megabytes));
    return { name, slope: slope(all), range: `${Math.min(...sizes)} to ${Math.max(...sizes)} MB` };
  });
}

async function judge(
  site: FaultSite,
  members: readonly Member[],
  runs: readonly RunView[],
  names: ReadonlyMap<string, string>,
): Promise<Pick<SoakResult, "verdict" | "violations" | "exits">> {
  for (const { worker } of members) worker.signal("SIGTERM");
  const exits = await Promise.all(members.map(({ worker }) => worker.ended));
  for (const { proxy } of members) await proxy.close();
  const said = members
    .map(({ worker, printed }) => [...printed, worker.printed()].join(""))
    .join("");
  const read = new Set([...said.matchAll(/"run":"([^"]+)"/g)].map(([, id]) => id));
  const executions = (run: RunView) => site.witness.executions(names.get(run.id) ?? "");
  const { violations } = await site.violations();
  const verdict = judgeRuns(runs, (id) => read.has(id), destroyedGrants(members), executions);
  const stories = verdict.unexplained.map(
    (id) => `${id} (${members.map(({ proxy }) => proxy.storyOf(id)).join("") || "in no reply"})`,
  );
  return {
    verdict: { ...verdict, unexplained: stories },
    violations: violations.map(({ kind, detail }) => `${kind}: ${detail}`),
    exits,
  };
}
