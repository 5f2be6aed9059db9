import { checkProcess, type ProcessGiven, type ProcessSettings } from "@workloops/parser";
import { expect, test } from "vitest";
import { given, known, mebibyte, unknown } from "../given.ts";

const five = known("fast_lane:1 manual>*:4");
const memory = (mebibytes: number) => known(mebibytes * mebibyte);

function find(parts: Partial<ProcessGiven>, settings: ProcessSettings = {}) {
  return checkProcess(given(parts), settings).filter(({ code }) => code === "memory-ceiling");
}

test("slots and the worker itself against the limit", () => {
  const parts = { workloops: five, runMemory: memory(500) };
  expect(find({ ...parts, memoryLimit: memory(2_800) })).toEqual([]);
  const [problem] = find({ ...parts, memoryLimit: memory(2_799) });
  expect(problem?.subjects).toEqual(["memoryLimit", "workloops"]);
  expect(problem?.data).toMatchObject({ slots: 5, needed: 2_800 * mebibyte, fits: 4 });
  expect(problem?.message).toBe(
    "5 slots of 500 MiB and 300 MiB for the worker are 2,800 MiB, above the limit of 2,799 MiB: a total capacity of 4 fits.",
  );
});

test("what is absent has the worker's defaults: five slots of 500 MiB", () => {
  expect(find({ memoryLimit: memory(2_799) })).toHaveLength(1);
  expect(find({ memoryLimit: memory(2_800) })).toEqual([]);
  expect(find({ capacity: known(1), memoryLimit: memory(800) })).toEqual([]);
  expect(find({ capacity: known(2), memoryLimit: memory(800) })[0]?.subjects).toEqual([
    "memoryLimit",
    "capacity",
  ]);
});

test("no limit, and nothing that is unknown or broken, is judged", () => {
  expect(find({ workloops: five })).toEqual([]);
  expect(find({ workloops: five, memoryLimit: known(0) })).toEqual([]);
  expect(find({ workloops: five, memoryLimit: unknown })).toEqual([]);
  expect(find({ workloops: unknown, memoryLimit: memory(1) })).toEqual([]);
  expect(find({ capacity: unknown, memoryLimit: memory(1) })).toEqual([]);
  expect(find({ runMemory: unknown, memoryLimit: memory(1) })).toEqual([]);
  expect(find({ workloops: known("manual>*"), memoryLimit: memory(1) })).toEqual([]);
});

test("settings say how much is promised and what the worker needs", () => {
  const parts = { workloops: five, memoryLimit: memory(1_400) };
  expect(find(parts, { overcommit: 2 })).toEqual([]);
  expect(find(parts, { overcommit: 1.9 })).toHaveLength(1);
  expect(find({ ...parts, memoryLimit: memory(2_500) }, { overhead: 0 })).toEqual([]);
});

test("where not even one slot fits, it says so", () => {
  expect(find({ workloops: five, memoryLimit: memory(256) })[0]?.message).toContain("no slot fits");
});
