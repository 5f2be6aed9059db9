import { expect, test } from "vitest";
import { becomesReady, health, openFaultSite } from "./fault-site.ts";
import { each, give, judgedAtEnd } from "./judged.ts";
import type { Act } from "./proxy/fault-proxy.ts";
import {
  answerOfRun,
  CLAIMS_AGAIN_MS,
  claim,
  claimsAgain,
  type Match,
  ofRun,
  queueJoin,
  strike,
  watch,
} from "./watch.ts";

/** The claim timeout is far away: what frees a slot here is the connection. */
const patient = ["--claim-timeout", "60", "--message-timeout", "2", "--backoff", "0.05/0.2"];
const HEARTBEAT_MS = 30_000;

const cuts: readonly (readonly [string, Act])[] = [
  ["before a claim", "cut-before"],
  ["in the middle of a claim", "cut-inside"],
  ["behind a claim", "cut-after"],
];

test.concurrent.for(cuts)(
  "fault 6: the connection is cut %s: each lane claims again within 2 s of the reconnect, and what another lane holds goes on",
  async ([, act], { onTestFinished }) => {
    const site = await openFaultSite();
    onTestFinished(site.close);
    const seen = watch(site.proxy);
    await site.worker({ lanes: "fast_lane:1 manual>*:1 default:1", args: patient });
    const held = await give(site, ["held"], "wait(3000);", { queue: "manual" });
    await site.witness.executing("held");
    const again = ["fast_lane", "default"].map((chain) => claimsAgain(seen, chain));
    const struck = strike(site.proxy, claim("fast_lane"), act);
    for (const ms of await Promise.all(again)) expect(ms).toBeLessThan(CLAIMS_AGAIN_MS);
    const next = await give(site, ["next"], "", { queue: "fast_lane" });
    expect(await judgedAtEnd(site, { ...held, ...next })).toEqual(
      each({ ...held, ...next }, "success"),
    );
    expect(struck()).toBe(1);
  },
);

test.concurrent("fault 6: the server restarted: it is away until it was tried three times, and knows what it knew: what is held goes on, and each lane claims within 2 s of the reconnect", async ({
  onTestFinished,
}) => {
  const site = await openFaultSite();
  onTestFinished(site.close);
  const seen = watch(site.proxy);
  const worker = await site.worker({ lanes: "fast_lane:1 manual:1 *:1", args: patient });
  const held = await give(site, ["held"], "wait(500);");
  await site.witness.executing("held");
  await site.proxy.goAway();
  const next = await give(site, ["next"], "", { queue: "fast_lane" });
  await worker.said(/(ECONNREFUSED[\s\S]*){3}/);
  const again = ["fast_lane", "manual"].map((chain) => claimsAgain(seen, chain));
  await site.proxy.comeBack();
  for (const ms of await Promise.all(again)) expect(ms).toBeLessThan(CLAIMS_AGAIN_MS);
  expect(await judgedAtEnd(site, { ...held, ...next })).toEqual(
    each({ ...held, ...next }, "success"),
  );
});

test.concurrent("fault 6: the server is killed, and its successor knows nothing of what is held: that is named as lost, and each lane claims again", async ({
  onTestFinished,
}) => {
  const site = await openFaultSite();
  onTestFinished(site.close);
  const worker = await site.worker({ lanes: "*:2" });
  const { held } = await give(site, ["held"], "wait(600000);");
  await site.witness.executing("held");
  await site.restartLightning();
  await worker.said(new RegExp(`"run":"${held}".*lost: Lightning refuses its channel`));
  const next = await give(site, ["1", "2", "3"]);
  expect(await judgedAtEnd(site, next)).toEqual(each(next, "success"));
});

test.concurrent("fault 7: a half-open connection is noticed within two heartbeat intervals, and what was held goes on", async ({
  onTestFinished,
}) => {
  const site = await openFaultSite();
  onTestFinished(site.close);
  const seen = watch(site.proxy);
  const worker = await site.worker({ lanes: "*:2" });
  const held = await give(site, ["held"], "wait(5000);");
  await site.witness.executing("held");
  const frozenAt = performance.now();
  site.proxy.freeze();
  const next = await give(site, ["next"]);
  const joins = seen.all.filter(queueJoin).length;
  const noticed = worker.said(/its heartbeat was not answered/).then(() => performance.now());
  const afterMs = (await noticed) - frozenAt;
  expect(afterMs).toBeLessThan(2 * HEARTBEAT_MS);
  console.log(`half-open: noticed after ${Math.round(afterMs)} ms (${2 * HEARTBEAT_MS})`);
  await seen.saw((message) => queueJoin(message) && !message.isLost, joins + 1);
  expect(await judgedAtEnd(site, { ...held, ...next })).toEqual(
    each({ ...held, ...next }, "success"),
  );
});

test.concurrent("fault 8: a join that is refused is tried again after waits that are capped and differ, and the worker is not ready meanwhile", async ({
  onTestFinished,
}) => {
  const site = await openFaultSite();
  onTestFinished(site.close);
  await site.fault({ kind: "queue-join-refused", times: 7 });
  const seen = watch(site.proxy);
  const worker = await site.worker({ lanes: "*:1" }, false);
  await worker.said(/cannot join the queue/);
  expect(await health(worker)).toBe(503);
  await worker.said(/joined the queue/);
  await becomesReady(worker);
  const tries = seen.all.filter(queueJoin).map(({ at }) => at);
  const waits = tries.slice(1).map((at, n) => at - (tries[n] ?? 0));
  expect(waits).toHaveLength(7);
  expect(Math.max(...waits)).toBeLessThan(6_000);
  // Of waits without jitter, each is the one before, doubled.
  const doubled = waits
    .slice(1, 5)
    .filter((wait, n) => Math.abs(wait / (waits[n] ?? 1) - 2) < 0.05);
  expect(doubled.length).toBeLessThan(4);
  const runs = await give(site, ["after"]);
  expect(await judgedAtEnd(site, runs)).toEqual(each(runs, "success"));
});

const answerToQueueJoin: Match = ({ topic, replyTo }) =>
  topic === "worker:queue" && replyTo === "phx_join";

const joins: readonly (readonly [row: number, string, Match, Act])[] = [
  [8, "a join of the queue arrives at nobody", queueJoin, "drop"],
  [8, "a run's join arrives at nobody", ofRun("phx_join"), "drop"],
  [9, "a join of the queue arrives twice", queueJoin, "twice"],
  [9, "a run's join arrives twice", ofRun("phx_join"), "twice"],
  [10, "the reply to a join of the queue is lost", answerToQueueJoin, "drop"],
  [10, "the reply to a run's join is lost", answerOfRun("phx_join"), "drop"],
  [10, "the connection is cut in a reply to a run's join", answerOfRun("phx_join"), "cut-inside"],
];

test.concurrent.for(joins)(
  "fault %i: %s: it is joined again, and the server holds one channel a topic",
  async ([, , match, act], { onTestFinished }) => {
    const site = await openFaultSite();
    onTestFinished(site.close);
    const struck = strike(site.proxy, match, act, 2);
    const runs = await give(site, ["1", "2"]);
    await site.worker({ lanes: "*:2" }, false);
    expect(await judgedAtEnd(site, runs)).toEqual(each(runs, "success"));
    expect(struck()).toBe(2);
    const { workers, counts } = await site.status();
    expect(workers).toHaveLength(1);
    // The worker leaves a topic before it joins it again: only the doubled frame replaces a channel.
    if (act !== "twice") expect(counts.joins_replaced).toBe(0);
  },
);
