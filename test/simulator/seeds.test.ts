import { drawScenario, type Fact, line, runWorld } from "@workloops/simulator";
import { describe, expect, test } from "vitest";

/** Every thing that happens in a world, as text. */
async function history(seed: number): Promise<string> {
  const lines: string[] = [];
  const trace = (atMs: number, fact: Fact): void => {
    lines.push(`${line(atMs, fact)} ${JSON.stringify(fact)}`);
  };
  await runWorld(drawScenario(seed), trace);
  return lines.join("\n");
}

describe("a seeded world", () => {
  test.each([3, 7])(
    "seed %i has the same history byte for byte when it is lived again",
    async (seed) => {
      const first = await history(seed);
      expect(first.split("\n").length).toBeGreaterThan(1_000);
      expect(await history(seed)).toBe(first);
    },
  );

  test("another seed has another history", async () => {
    expect(await history(7)).not.toBe(await history(52));
  });

  test("24 worlds keep every invariant, with faults of every kind", async () => {
    const violations = [];
    const rows = new Set<number>();
    let completed = 0;
    for (let seed = 1; seed <= 24; seed += 1) {
      const outcome = await runWorld(drawScenario(seed));
      if (outcome.violation !== undefined) violations.push({ seed, ...outcome.violation });
      for (const row of outcome.fired.keys()) rows.add(row);
      completed += outcome.completed;
    }
    expect(violations).toEqual([]);
    expect([...rows].sort((a, b) => a - b)).toEqual(Array.from({ length: 28 }, (_, n) => n + 1));
    expect(completed).toBeGreaterThan(1_200);
  }, 60_000);
});
