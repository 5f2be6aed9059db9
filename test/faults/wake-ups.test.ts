import { expect, test } from "vitest";
import { type FaultSite, openFaultSite } from "./fault-site.ts";
import { each, give, judgedAtEnd, type Runs } from "./judged.ts";
import { type Match, mostOpenClaims, strike, watch } from "./watch.ts";

const wakeUp: Match = ({ event }) => event === "work-available";

/** A wake-up that brought nothing makes the next ones wait for so long. */
const DEAF_MS = 200;

test.concurrent("fault 26: of a storm of 200 wake-ups each lane makes a claim at once and one every 200 ms at most, one in flight at a time", async ({
  onTestFinished,
}) => {
  const site = await openFaultSite();
  onTestFinished(site.close);
  const seen = watch(site.proxy);
  await site.worker({ lanes: "fast_lane:5 manual>*:5", args: ["--backoff", "30/30"] });
  await seen.saw(({ replyTo }) => replyTo === "claim", 2);
  await site.fault({ kind: "wake-up-storm", count: 200, ms: 100 });
  await seen.saw(wakeUp, 200);
  const runs = await give(site, ["after"], "", { queue: "manual" });
  expect(await judgedAtEnd(site, runs)).toEqual(each(runs, "success"));
  const pushes = seen.all.filter(wakeUp).map(({ at }) => at);
  const lastsMs = (pushes.at(-1) ?? 0) - (pushes[0] ?? 0);
  // The first claim of a start, one at once, one as each deaf time ends, one as a slot is free again.
  const allowed = 1 + 1 + Math.ceil(lastsMs / DEAF_MS) + 1;
  for (const chain of ["fast_lane", "manual>*"]) {
    expect(seen.claims(chain).length).toBeLessThanOrEqual(allowed);
    expect(mostOpenClaims(seen, chain)).toBe(1);
  }
});

test.concurrent("fault 26: where no wake-up ever arrives, polling alone finds every run", async ({
  onTestFinished,
}) => {
  const site = await openFaultSite();
  onTestFinished(site.close);
  const struck = strike(site.proxy, wakeUp, "drop", Number.POSITIVE_INFINITY);
  await site.worker({ lanes: "fast_lane:1 manual>*:2" });
  const runs = {
    ...(await give(site, ["1", "2"], "", { queue: "fast_lane" })),
    ...(await give(site, ["3", "4", "5"])),
  };
  expect(await judgedAtEnd(site, runs)).toEqual(each(runs, "success"));
  expect(struck()).toBeGreaterThan(0);
});

/** The most of these runs that were executed at the same time, by the server's ledger. */
async function mostAtOnce(site: FaultSite, runs: Runs): Promise<number> {
  const views = await Promise.all(Object.values(runs).map((id) => site.run(id)));
  const counts = views.map(
    ({ started_at }) =>
      views.filter(
        (other) =>
          Number(other.started_at) <= Number(started_at) &&
          Number(other.finished_at) > Number(started_at),
      ).length,
  );
  return Math.max(...counts);
}

test.concurrent("fault 27: a wake-up in the same packet as each claim's reply, with tokens to check, and no lane goes over its capacity", async ({
  onTestFinished,
}) => {
  const site = await openFaultSite();
  onTestFinished(site.close);
  await site.fault({ kind: "claim-with-wake-up", times: 50 });
  const fast = await give(site, ["1", "2", "3"], "wait(150);", { queue: "fast_lane" });
  const others = await give(site, ["4", "5", "6", "7", "8"], "wait(150);");
  await site.worker({ lanes: "fast_lane:1 default:2", checksTokens: true });
  const runs = { ...fast, ...others };
  expect(await judgedAtEnd(site, runs)).toEqual(each(runs, "success"));
  expect(await mostAtOnce(site, fast)).toBe(1);
  expect(await mostAtOnce(site, others)).toBeLessThanOrEqual(2);
  const { fired } = await site.get<{ fired: Record<string, number> }>("/faults");
  expect(fired["claim-with-wake-up"]).toBeGreaterThanOrEqual(6);
});
