import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { type FaultSite, openFaultSite } from "./fault-site.ts";
import { each, give, judgedAtEnd } from "./judged.ts";
import type { Act } from "./proxy/fault-proxy.ts";
import { answerOfRun, type Match, ofRun, strike } from "./watch.ts";

/** What a run of one step says, in order; log lines may come anywhere between start and end. */
const script = ["run:start", "step:start", "step:complete", "run:complete"];

/** The events of a run that were taken by the server, each kind once. */
async function told(site: FaultSite, id: string): Promise<readonly string[]> {
  const { events } = await site.run(id);
  const taken = events.filter(({ answer }) => answer === "ok").map(({ event }) => event);
  return [...new Set(taken)].filter((event) => script.includes(event));
}

/** Whatever is lost, late, doubled or cut off around the events of a run, it ends well, once. */
const losses: readonly (readonly [row: number, string, Act, (event: string) => Match])[] = [
  [13, "its reply is lost", "drop", answerOfRun],
  [13, "it is lost on its way", "drop", ofRun],
  [13, "the connection is cut before it", "cut-before", ofRun],
  [13, "the connection is cut in the middle of it", "cut-inside", ofRun],
  [13, "the connection is cut before its reply", "cut-before", answerOfRun],
  [13, "the connection is cut in the middle of its reply", "cut-inside", answerOfRun],
  [15, "it arrives twice", "twice", ofRun],
  [15, "its reply arrives twice", "twice", answerOfRun],
];
const events = [...script, "run:log"];

test.concurrent.for(losses)(
  "fault %i: of each event of a run, %s: the run ends well and once, told in order",
  async ([, , act, match], { onTestFinished }) => {
    const site = await openFaultSite();
    onTestFinished(site.close);
    const struck = events.map((event) => strike(site.proxy, match(event), act));
    const runs = await give(
      site,
      ["1", "2"],
      'fn((state) => { console.log("mine"); return state; });',
    );
    await site.worker({ lanes: "*:2" });
    expect(await judgedAtEnd(site, runs)).toEqual(each(runs, "success"));
    expect(struck.map((times) => times())).toEqual(events.map(() => 1));
    for (const id of Object.values(runs)) {
      expect(await told(site, id)).toEqual(script);
      expect((await site.run(id)).steps).toHaveLength(1);
    }
  },
);

test.concurrent("fault 13: the end of a run is told until it is answered", async ({
  onTestFinished,
}) => {
  const site = await openFaultSite();
  onTestFinished(site.close);
  const struck = strike(site.proxy, answerOfRun("run:complete"), "drop", 5);
  const runs = await give(site, ["held"]);
  const worker = await site.worker({ lanes: "*:1" });
  await worker.said(/ended: success/);
  expect(await judgedAtEnd(site, runs)).toEqual(each(runs, "success"));
  expect(struck()).toBe(5);
});

test.concurrent("fault 14: messages are delayed and overtake each other between topics: each run's events are one in flight, in order", async ({
  onTestFinished,
}) => {
  const site = await openFaultSite();
  onTestFinished(site.close);
  let seen = 0;
  let swapped = 0;
  site.proxy.judge = ({ topic }) => {
    if (!topic.startsWith("run:")) return undefined;
    seen += 1;
    if (seen % 3 === 0) return { until: setTimeout(50 * (seen % 7)) };
    if (seen % 3 === 2) return undefined;
    swapped += 1;
    return "swap";
  };
  const names = ["1", "2", "3", "4", "5", "6"];
  const runs = await give(site, names, 'fn((state) => { console.log("mine"); return state; });');
  await site.worker({ lanes: "*:3", args: ["--backoff", "0.05/0.2"] });
  expect(await judgedAtEnd(site, runs)).toEqual(each(runs, "success"));
  expect(swapped).toBeGreaterThan(20);
  for (const id of Object.values(runs)) expect(await told(site, id)).toEqual(script);
});
