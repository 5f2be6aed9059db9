import { drawScenario, matrix, runWorld } from "@workloops/simulator";
import { expect, test } from "vitest";

/** So often a fault has to strike, in at least so many worlds, before it counts as survived. */
const STRIKES = 20;
const WORLDS = 2;
const MOST_WORLDS = 30;

test.each(matrix)("fault $row: alone, in worlds where nothing else fails", async ({ row }) => {
  let strikes = 0;
  let worlds = 0;
  while ((strikes < STRIKES || worlds < WORLDS) && worlds < MOST_WORLDS) {
    worlds += 1;
    const { fired, violation } = await runWorld({ ...drawScenario(worlds), rows: [row] });
    expect({ seed: worlds, violation }).toEqual({ seed: worlds, violation: undefined });
    expect([...fired.keys()].filter((other) => other !== row)).toEqual([]);
    strikes += fired.get(row) ?? 0;
  }
  expect(strikes).toBeGreaterThanOrEqual(STRIKES);
});
