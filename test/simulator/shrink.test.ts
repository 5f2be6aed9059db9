import { drawScenario, runWorld, shrink } from "@workloops/simulator";
import { expect, test } from "vitest";

test("a failing world is made smaller as long as the same invariant breaks", async () => {
  const whole = { ...drawScenario(2), runs: 12, rows: [1, 4, 6, 12] };
  const small = await shrink(whole, async ({ rows, runs }) =>
    rows.includes(6) && runs >= 3 ? 2 : undefined,
  );
  expect(small).toMatchObject({ rows: [6], runs: 3, batchLogs: false });
  expect(small?.configuration.split(" ")).toHaveLength(1);
});

test("a world that keeps every invariant is not shrunk", async () => {
  const calm = { ...drawScenario(3), runs: 5, rows: [] };
  expect((await runWorld(calm)).violation).toBeUndefined();
  expect(await shrink(calm)).toBeUndefined();
});
