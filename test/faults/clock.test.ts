import { expect, test } from "vitest";
import { type FakeTime, fakeTime, type Offset } from "./fake-time.ts";
import { openFaultSite } from "./fault-site.ts";
import { each, give, judgedAtEnd } from "./judged.ts";
import { gate, grant, mostOpenClaims, queueJoin, strike, type Watch, watch } from "./watch.ts";

const BACKOFF_MS = 1_000;
const chains = ["fast_lane", "manual>*"] as const;
const options = (time: FakeTime) => ({
  lanes: "fast_lane:1 manual>*:2",
  args: ["--backoff", `${BACKOFF_MS / 1_000}/${BACKOFF_MS / 1_000}`],
  env: time.env,
});

/** After a jump a lane may be late with one claim; from then on its polls are a backoff apart again. */
async function pollsEvenly(seen: Watch, chain: string): Promise<void> {
  const before = seen.claims(chain).length;
  const nth = (n: number) =>
    seen.saw((one) => one.event === "claim" && one.chain === chain, before + n);
  const tookMs = (await nth(6)).at - (await nth(1)).at;
  // The proxy sees a claim later than it was sent, by less than a backoff: one too many is seen here.
  expect(tookMs).toBeGreaterThan(4.1 * BACKOFF_MS);
  expect(mostOpenClaims(seen, chain)).toBe(1);
}

const hour = 3_600_000;
const jumps: readonly (readonly [string, Offset])[] = [
  ["the time of day an hour forward", { dateMs: hour, monotonicMs: 0 }],
  ["the time of day an hour back", { dateMs: -hour, monotonicMs: 0 }],
  ["both clocks 60 s forward", { dateMs: 60_000, monotonicMs: 60_000 }],
];

test.concurrent.for(jumps)(
  "fault 25: fake time sets %s: no burst of claims, no claim twice, and what is held ends well",
  async ([, offset], { onTestFinished }) => {
    const site = await openFaultSite();
    onTestFinished(site.close);
    const time = fakeTime(site.folder);
    const seen = watch(site.proxy);
    const worker = await site.worker(options(time));
    // It outlasts the polls that are counted: the slot that it frees is asked for at once.
    const held = await give(site, ["held"], "wait(12000);");
    await site.witness.executing("held");
    time.set(worker, offset);
    await worker.said(/the clocks were set/);
    await Promise.all(chains.map((chain) => pollsEvenly(seen, chain)));
    const next = await give(site, ["next 1", "next 2"], "", { queue: "fast_lane" });
    const runs = { ...held, ...next };
    expect(await judgedAtEnd(site, runs)).toEqual(each(runs, "success"));
    expect(seen.all.filter(queueJoin)).toHaveLength(1);
  },
);

test.concurrent("fault 25: a worker that is stopped by SIGSTOP, 60 s of fake time long, takes up the reply that came meanwhile: no burst of claims, no claim twice, each run once", async ({
  onTestFinished,
}) => {
  const site = await openFaultSite();
  onTestFinished(site.close);
  const time = fakeTime(site.folder);
  const seen = watch(site.proxy);
  const worker = await site.worker(options(time));
  const held = await give(site, ["held"], "wait(1000);");
  await site.witness.executing("held");
  const { until, release } = gate();
  strike(site.proxy, grant, { until });
  const granted = await give(site, ["granted"], "", { queue: "fast_lane" });
  await site.until(granted["granted"] ?? "", ({ state }) => state === "claimed");
  worker.signal("SIGSTOP");
  release();
  await seen.saw((message) => grant(message) && message.granted.includes(granted["granted"] ?? ""));
  // Wake-ups that pile up before a process which does not read.
  const waiting = await give(site, ["waiting 1", "waiting 2"], "", { queue: "fast_lane" });
  await seen.saw(({ event }) => event === "work-available", 3);
  time.set(worker, { dateMs: 60_000, monotonicMs: 60_000 });
  worker.signal("SIGCONT");
  await worker.said(/the clocks were set/);
  const runs = { ...held, ...granted, ...waiting };
  expect(await judgedAtEnd(site, runs)).toEqual(each(runs, "success"));
  await Promise.all(chains.map((chain) => pollsEvenly(seen, chain)));
  expect(seen.all.filter(queueJoin)).toHaveLength(1);
});
