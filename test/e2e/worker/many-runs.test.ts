import { expect, test } from "vitest";
import { lightning, workerFor } from "./bundle.ts";

const RUNS = 10_000;

test("two workers with different lanes share 10,000 runs: none lost, none twice, no lane over its capacity", async () => {
  const server = await lightning({ wakeUpWindowMs: 500 });
  const queues = ["fast_lane", "manual", "default"] as const;
  const ids = (
    await Promise.all(
      queues.map((queue, index) =>
        server.runs(Math.floor((RUNS + index) / queues.length), { queue, body: "" }),
      ),
    )
  ).flat();
  expect(ids).toHaveLength(RUNS);
  const workers = ["fast_lane:4 manual>*:8", "manual>*:12"].map((lanes) =>
    workerFor(server, ["--mock", "--workloops", lanes, "--log", "warn"]),
  );
  const state = (id: string) => server.ledger.runs.get(id)?.state;
  for (const id of ids) if (state(id) !== "success") await server.ended(id);
  expect(ids.filter((id) => state(id) !== "success")).toEqual([]);
  expect(ids.filter((id) => server.ledger.runs.get(id)?.ends.length !== 1)).toEqual([]);
  expect(server.ledger.violations).toEqual({ first: [], total: 0 });
  const chains = new Set(ids.map((id) => server.ledger.runs.get(id)?.chain));
  expect([...chains].sort()).toEqual(["fast_lane", "manual>*"]);
  for (const worker of workers) worker.process.kill("SIGTERM");
  expect(await Promise.all(workers.map((worker) => worker.exited))).toEqual([0, 0]);
});
