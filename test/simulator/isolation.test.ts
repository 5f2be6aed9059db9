import { compareLanes } from "@workloops/simulator";
import { expect, test } from "vitest";

test.each([1, 2, 3, 4, 5, 6])(
  "a lane in trouble changes no claim of another lane (seed %i)",
  async (seed) => {
    const { quiet, struck } = await compareLanes(seed);
    expect(quiet.length).toBeGreaterThan(30);
    expect(struck).toEqual(quiet);
  },
);
