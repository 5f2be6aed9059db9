import { failEach } from "@workloops/simulator";
import { expect, test } from "vitest";

/** A part of them; `npm run simulate` fails every one. */
const EVERY = 20;

test("whichever operation of a port fails, every invariant holds", async () => {
  const all = await failEach(0, EVERY);
  expect(all.map(({ port }) => port)).toEqual([
    "transport",
    "clock",
    "journal",
    "engine",
    "process",
  ]);
  for (const { operations, violations } of all) {
    expect(operations).toBeGreaterThan(20);
    expect(violations).toEqual([]);
  }
}, 120_000);
