import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runWorld, type Scenario } from "@workloops/simulator";
import { expect, test } from "vitest";

interface KeptSeed {
  /** What went wrong in it. */
  readonly sentence: string;
  readonly scenario: Scenario;
}

const folder = join(import.meta.dirname, "../seeds");
const kept = readdirSync(folder).map((file) => {
  const { sentence, scenario } = JSON.parse(readFileSync(join(folder, file), "utf8")) as KeptSeed;
  return { file, sentence, scenario };
});

test.each(kept)("$file: $sentence", { timeout: 60_000 }, async ({ scenario }) => {
  const { violation, completed } = await runWorld(scenario);
  expect(violation).toBeUndefined();
  expect(completed).toBeGreaterThan(0);
});
