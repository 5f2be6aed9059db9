import { checkProcess, type Given } from "@workloops/parser";
import { expect, test } from "vitest";
import { absent, given, known, unknown } from "../given.ts";

const value = known("fast_lane:1 manual>*:4");

test.each<[string, Given<string>, Given<number>, boolean]>([
  ["both known", value, known(5), true],
  ["both given, neither known", unknown, unknown, true],
  ["an empty configuration beside a capacity", known(""), known(5), true],
  ["a configuration alone", value, absent, false],
  ["a capacity alone", absent, known(5), false],
  ["nothing", absent, absent, false],
])("%s", (_, workloops, capacity, refused) => {
  const found = checkProcess(given({ workloops, capacity }));
  expect(found.map(({ code, severity, subjects }) => [code, severity, subjects])).toEqual(
    refused ? [["capacity-exclusivity", "error", ["capacity", "workloops"]]] : [],
  );
});
