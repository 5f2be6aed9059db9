import { diff, isSame, parse } from "@workloops/parser";
import { describe, expect, test } from "vitest";

const between = (a: string, b: string) => diff(parse(a).tree, parse(b).tree);

test("what changes for each queue", () => {
  const { capacity, queues, groups } = between("fast_lane:1 manual>*:4", "manual>*:5");
  expect(capacity).toEqual({ before: 5, after: 5 });
  expect(
    queues.map(({ queue, before, after }) => [queue, before.guaranteed, after.guaranteed]),
  ).toEqual([
    ["fast_lane", 1, 0],
    ["manual", 0, 0],
    ["default", 0, 0],
  ]);
  expect(groups).toEqual({
    removed: [{ chain: "fast_lane", capacity: 1 }],
    added: [],
    resized: [{ chain: "manual>*", before: 4, after: 5 }],
  });
});

test("only the queues that it concerns", () => {
  const { queues } = between("fast_lane:1 manual>*:4", "fast_lane:1 fast_lane>manual>*:4");
  expect(queues.map(({ queue }) => queue)).toEqual(["fast_lane", "manual", "default"]);
  expect(between("manual:1 *:2", "manual:3 *:2").queues.map(({ queue }) => queue)).toEqual([
    "manual",
  ]);
});

describe("nothing changes", () => {
  test.each([
    ["a:1 b:2", "b:2   a:1"],
    ["*:1 *:2", "*:3"],
  ])("between %j and %j", (a, b) => {
    expect(isSame(between(a, b))).toBe(true);
  });
});

test("an order counts, though the figures are the same", () => {
  const found = between("manual>fast_lane>*:4", "fast_lane>manual>*:4");
  expect(isSame(found)).toBe(false);
  expect(
    found.queues.map(({ queue, before, after }) => [queue, before.places, after.places]),
  ).toEqual([
    ["fast_lane", [{ place: 2, slots: 4 }], [{ place: 1, slots: 4 }]],
    ["manual", [{ place: 1, slots: 4 }], [{ place: 2, slots: 4 }]],
  ]);
});
