import { afterEach, expect, test } from "vitest";
import { openSite, type Site, seen } from "../site.ts";

const lanes = "fast_lane:2 manual>*:2";
const quick = { queue: "fast_lane", body: "export default [(state) => state];" };
/** As long as a drain then takes. */
const slowMs = 4_000;
const slow = {
  queue: "default",
  body: `export default [(state) => new Promise((done) => setTimeout(() => done(state), ${slowMs}))];`,
};

let site: Site | undefined;
afterEach(() => site?.close());

/** Sends a fast run every 250 ms until it is told to stop; then gives all of their ids. */
function stream({ post }: Site): () => Promise<readonly string[]> {
  const sent: Promise<readonly string[]>[] = [];
  const timer = setInterval(() => sent.push(post([quick])), 250);
  return async () => {
    clearInterval(timer);
    return (await Promise.all(sent)).flat();
  };
}

/** The longest that a fast run waited for a worker, by the server's clock. */
function longestGapMs(runs: Awaited<ReturnType<Site["ended"]>>): number {
  const waits = runs.map(({ claimedAt, queued }) => (claimedAt ?? Infinity) - queued.insertedAt);
  return Math.max(...waits) / 1_000;
}

test("two workers overlap: the fast lane has no gap over 2 s, and every run is executed once", async () => {
  site = await openSite({ wakeUpWindowMs: 500 });
  const old = await site.worker("old", lanes);
  const slowOnes = await site.post([slow, slow]);
  await site.started(slowOnes);
  const first = await site.post([quick]);
  await site.ended(first);
  const stop = stream(site);

  const next = await site.worker("new", lanes);
  old.signal("SIGTERM");
  const held = await site.ended(slowOnes);
  const oldCode = await old.ended;
  const fast = await site.ended([...first, ...(await stop())]);
  next.signal("SIGTERM");

  expect({ old: oldCode, next: await next.ended }).toEqual({ old: 0, next: 0 });
  const all = [...held, ...fast];
  expect(all.filter((run) => run.state !== "success" || seen(run, "run:start") !== 1)).toEqual([]);
  expect(site.lightning.ledger.violations.first).toEqual([]);
  // What the old worker held it has finished; what came after belongs to the new one.
  expect(held.map((run) => run.workerName)).toEqual(["old", "old"]);
  expect(new Set(fast.map((run) => run.workerName))).toEqual(new Set(["old", "new"]));
  expect(fast.at(-1)?.workerName).toBe("new");
  expect(longestGapMs(fast)).toBeLessThanOrEqual(2_000);
});

test("stopped first, the same worker leaves a gap as long as its drain", async () => {
  site = await openSite({ wakeUpWindowMs: 500 });
  const old = await site.worker("old", lanes);
  const slowOnes = await site.post([slow, slow]);
  await site.started(slowOnes);
  const stop = stream(site);
  old.signal("SIGTERM");
  await site.ended(slowOnes);
  expect(await old.ended).toBe(0);
  const next = await site.worker("new", lanes);
  const fast = await site.ended(await stop());
  next.signal("SIGTERM");
  expect(await next.ended).toBe(0);
  expect(longestGapMs(fast)).toBeGreaterThan(2_000);
});
