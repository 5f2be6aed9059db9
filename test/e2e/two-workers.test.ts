import { expect, test } from "vitest";
import { lightning, workerFor } from "./worker/bundle.ts";

const count = 10_000;
const queues = ["default", "fast_lane", "manual"] as const;

/** Lanes by the queues of their claims, as each worker joined with them. */
const workers = [
  ["--workloops", "fast_lane:2 manual>*:8"],
  ["--workloops", "manual:3 fast_lane>*:7"],
];

test("two workers with different lanes share 10,000 runs: none lost, none twice, no lane over capacity", async () => {
  let ended = 0;
  let finish: () => void = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const server = await lightning({
    wakeUpWindowMs: 500,
    tell: (news) => {
      if (news.type !== "run" || ["available", "claimed", "started"].includes(news.state)) return;
      ended += 1;
      if (ended === count) finish();
    },
  });
  // The engine that runs nothing leaves all that is measured here: claims, lanes and events.
  const started = workers.map((lanes) => workerFor(server, [...lanes, "--mock", "--log", "error"]));
  const byQueue = queues.map((queue, index) =>
    server.runs(Math.floor(count / 3) + (index === 0 ? 1 : 0), { queue }),
  );
  const ids = (await Promise.all(byQueue)).flat();
  expect(ids).toHaveLength(count);
  await finished;

  const runs = ids.map((id) => server.ledger.runs.get(id));
  const ends = runs.map((run) => run?.ends.map(({ state }) => state).join());
  expect(new Set(ends)).toEqual(new Set(["success"]));
  const starts = runs.map((run) => run?.events.filter(({ event }) => event === "run:start").length);
  expect(new Set(starts)).toEqual(new Set([1]));
  // Among them: started twice, events out of order, more runs in a lane than it has slots.
  expect(server.ledger.violations.first).toEqual([]);
  expect(server.ledger.counts).toMatchObject({ granted: count, lost: 0, refused: 0, resent: 0 });
  // Both took part, in every lane.
  const chains = new Set(runs.map((run) => `${run?.workerId} ${run?.chain}`));
  expect(chains.size).toBe(4);
  expect(new Set(runs.map((run) => run?.workerId)).size).toBe(2);

  for (const worker of started) worker.process.kill("SIGTERM");
  expect(await Promise.all(started.map(({ exited }) => exited))).toEqual([0, 0]);
}, 300_000);
