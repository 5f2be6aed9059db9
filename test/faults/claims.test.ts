import { expect, test } from "vitest";
import { openFaultSite } from "./fault-site.ts";
import { each, give, judged, judgedAtEnd } from "./judged.ts";
import type { Act } from "./proxy/fault-proxy.ts";
import {
  CLAIMS_AGAIN_MS,
  claim,
  claimsAgain,
  gate,
  grant,
  queueJoin,
  strike,
  watch,
} from "./watch.ts";

/** The claim timeout is far away: what frees a slot here is the connection. */
const patient = ["--claim-timeout", "60", "--message-timeout", "2", "--backoff", "0.05/0.2"];

/** What a lane executes one after the other, and what it ends since it cannot hold it. */
function waitAndEnd(executed: readonly string[], ended: readonly string[]) {
  const all = [
    ...executed.map((name) => [name, ["success", 1]] as const),
    ...ended.map((name) => [name, ["exception WorkerStopped", 0]] as const),
  ];
  return { violations: [], ...Object.fromEntries(all) };
}

test.concurrent("fault 1: a claim's reply that is lost holds no slot: the lane claims again after the claim timeout, and the lost grant is counted apart", async ({
  onTestFinished,
}) => {
  const site = await openFaultSite();
  onTestFinished(site.close);
  const seen = watch(site.proxy);
  const struck = strike(site.proxy, grant, "drop");
  const lost = await give(site, ["lost"]);
  await site.worker({ lanes: "*:1" });
  const dropped = await seen.saw(grant);
  const again = await seen.saw((message) => claim()(message) && message !== dropped, 2);
  expect(again.at - dropped.at).toBeGreaterThan(900);
  expect(again.at - dropped.at).toBeLessThan(1_000 + CLAIMS_AGAIN_MS);
  const good = await give(site, ["good 1", "good 2"]);
  expect(await judgedAtEnd(site, good)).toEqual(each(good, "success"));
  expect(await judged(site, lost)).toEqual(each(lost, "claimed", 0));
  expect([struck(), [...site.proxy.destroyedGrants()]]).toEqual([1, Object.values(lost)]);
});

const cuts: readonly (readonly [string, Act])[] = [
  ["cut before it", "cut-before"],
  ["cut in the middle of it", "cut-inside"],
];

test.concurrent.for(cuts)(
  "fault 1: the lane claims again within 2 s of the reconnect where the connection is %s, the claim's reply",
  async ([, act], { onTestFinished }) => {
    const site = await openFaultSite();
    onTestFinished(site.close);
    const seen = watch(site.proxy);
    strike(site.proxy, grant, act);
    const lost = await give(site, ["lost"], "", { queue: "fast_lane" });
    const worker = await site.worker({ lanes: "fast_lane:1 *:1", args: patient }, false);
    await seen.saw(queueJoin);
    const again = await claimsAgain(seen, "fast_lane");
    expect(again).toBeLessThan(CLAIMS_AGAIN_MS);
    console.log(`claims again ${Math.round(again)} ms after the reconnect (${CLAIMS_AGAIN_MS})`);
    const good = await give(site, ["good"], "", { queue: "fast_lane" });
    expect(await judgedAtEnd(site, good)).toEqual(each(good, "success"));
    expect(await judged(site, lost)).toEqual(each(lost, "claimed", 0));
    expect(worker.printed()).toMatch(/a claim was open when the connection went/);
    expect([...site.proxy.destroyedGrants()]).toEqual(Object.values(lost));
  },
);

test.concurrent("fault 2: the run in a reply that comes after the claim timeout is executed where there is room", async ({
  onTestFinished,
}) => {
  const site = await openFaultSite();
  onTestFinished(site.close);
  const { until, release } = gate();
  strike(site.proxy, grant, { until });
  const runs = await give(site, ["late"]);
  const args = ["--claim-timeout", "1", "--backoff", "5/10"];
  const worker = await site.worker({ lanes: "*:1", args });
  await worker.said(/not answered in time/);
  release();
  expect(await judgedAtEnd(site, runs)).toEqual(each(runs, "success"));
  expect(worker.printed()).toMatch(/answered after its time, with 1 runs/);
});

test.concurrent("fault 2: of five runs in late replies to a lane of one slot, which is claiming again, two wait for it and three are ended with a reason", async ({
  onTestFinished,
}) => {
  const site = await openFaultSite();
  onTestFinished(site.close);
  const seen = watch(site.proxy);
  const { until, release } = gate();
  strike(site.proxy, grant, { until });
  const runs = await give(site, ["1", "2", "3", "4", "5"]);
  await site.worker({ lanes: "*:1" });
  await seen.saw(claim(), 6);
  release();
  expect(await judgedAtEnd(site, runs)).toEqual(waitAndEnd(["1", "2"], ["3", "4", "5"]));
});

test.concurrent("fault 3: a claim's reply that comes twice executes each of its runs once", async ({
  onTestFinished,
}) => {
  const site = await openFaultSite();
  onTestFinished(site.close);
  const struck = strike(site.proxy, grant, "twice", 10);
  const runs = await give(site, ["1", "2", "3", "4"]);
  await site.worker({ lanes: "fast_lane:1 *:2" });
  expect(await judgedAtEnd(site, runs)).toEqual(each(runs, "success"));
  expect(struck()).toBeGreaterThan(0);
});

test.concurrent("fault 4: a lane whose claim is answered with an error backs off, and the other lane claims as soon as it has room", async ({
  onTestFinished,
}) => {
  const site = await openFaultSite();
  onTestFinished(site.close);
  const seen = watch(site.proxy);
  await site.fault({ kind: "claim-error", chain: "fast_lane", times: 3 });
  const refused = await give(site, ["refused"], "", { queue: "fast_lane" });
  const good = await give(site, ["1", "2", "3", "4", "5", "6"], "wait(300);");
  await site.worker({ lanes: "fast_lane:1 manual>*:1", args: ["--backoff", "1/10"] });
  expect(await judgedAtEnd(site, { ...refused, ...good })).toEqual(
    each({ ...refused, ...good }, "success"),
  );
  // The lane with a wildcard may have taken the run that was refused here: the claims go on.
  await seen.saw(claim("fast_lane"), 4);
  const gaps = (of: readonly { readonly at: number }[]) =>
    of.slice(1).map(({ at }, n) => at - (of[n]?.at ?? 0));
  const backoffs = gaps(seen.claims("fast_lane").slice(0, 4));
  expect(backoffs).toHaveLength(3);
  expect(Math.min(...backoffs)).toBeGreaterThan(990);
  // Of the other lane, each claim but the first follows the end of a run, and waits for no backoff.
  const ends = seen.all.filter(({ replyTo }) => replyTo === "run:complete");
  for (const { at } of seen.claims("manual>*").slice(1, 6)) {
    const before = ends.filter((end) => end.at <= at).at(-1)?.at ?? 0;
    expect(at - before).toBeLessThan(900);
  }
});

test.concurrent("fault 5: of five runs for one slot one is executed at a time, two wait in order, two are ended with a reason, and the log says so", async ({
  onTestFinished,
}) => {
  const site = await openFaultSite();
  onTestFinished(site.close);
  await site.fault({ kind: "claim-surplus", count: 4 });
  const runs = await give(site, ["1", "2", "3", "4", "5"], "wait(200);");
  const worker = await site.worker({ lanes: "*:1" });
  expect(await judgedAtEnd(site, runs)).toEqual(waitAndEnd(["1", "2", "3"], ["4", "5"]));
  const views = await Promise.all(["1", "2", "3"].map((name) => site.run(runs[name] ?? "")));
  const times = views.flatMap(({ started_at, finished_at }) => [started_at, finished_at]);
  expect(times).toEqual(times.toSorted((a, b) => Number(a) - Number(b)));
  expect(worker.printed()).toMatch(/more than was asked for.*waits for a slot/);
  expect(worker.printed()).toMatch(/more runs than this lane can hold/);
});
