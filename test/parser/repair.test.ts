import { applyEdits, parse, repair } from "@workloops/parser";
import { describe, expect, test } from "vitest";
import { costOf, isReachableBelow } from "./cheapest.ts";
import { texts } from "./reference.ts";

describe("repair writes what was meant", () => {
  test.each([
    ["manual>*5", "manual>*:5"],
    ["manual,*:4", "manual>*:4"],
    ["fast lane:1", "fast_lane:1"],
    ["fast-lane:1 manual>*", "fast_lane:1 manual>*:1"],
    ["manual > * : 4", "manual>*:4"],
    ["manual, *:4", "manual>*:4"],
    ["fast_lane:1, manual>*:4", "fast_lane:1 manual>*:4"],
    ["fast_lane:1;manual>*:4", "fast_lane:1 manual>*:4"],
    ["fast_lane=1", "fast_lane:1"],
    ['"fast_lane:1 manual>*:4"', "fast_lane:1 manual>*:4"],
    ["manual->*:4", "manual>*:4"],
    ["manual>>*:4", "manual>*:4"],
    ["manual*:4", "manual>*:4"],
    ["manual>*:05", "manual>*:5"],
    ["manual>*:1.5", "manual>*:1"],
    ["manual>*:1_000", "manual>*:1000"],
    ["manual>*:0", "manual>*:1"],
    ["a:1\u00a0b:2", "a:1 b:2"],
    [":1", "*:1"],
    ["a:1 b:2", "a:1 b:2"],
  ])("%j becomes %j", (text, expected) => {
    expect(repair(text)?.text).toBe(expected);
  });

  test("a valid text costs nothing", () => {
    expect(repair(" a:1\n*:2 ")).toEqual({ text: " a:1\n*:2 ", edits: [], cost: 0 });
  });

  test("a limit is not mended, and a very long text is not tried", () => {
    expect(repair("manual>*:1000000")).toBeUndefined();
    expect(repair("-".repeat(4_097))).toBeUndefined();
  });
});

const classes = ["a", "1", ">", ":", "*", "-", ",", " "];

test("no way to a valid text is cheaper, for every text up to 5 characters", () => {
  for (const text of texts(classes, 5)) check(text);
}, 120_000);

test("nor with zeros, up to 4", () => {
  for (const text of texts([...classes, "0"], 4)) check(text);
}, 120_000);

function check(text: string): void {
  const found = repair(text);
  if (found === undefined) throw new Error(`${JSON.stringify(text)} has no repair`);
  const cost = costOf(text, found.text);
  const cheaper = isReachableBelow(text, found.cost);
  const applied = applyEdits(text, found.edits);
  const errors = parse(found.text).diagnostics.filter(({ severity }) => severity === "error");
  if (cost !== found.cost || cheaper || applied !== found.text || errors.length > 0) {
    const said = `${found.text} for ${found.cost}, which costs ${cost}`;
    expect.fail(`${JSON.stringify(text)} -> ${said}; a cheaper way: ${cheaper}`);
  }
}
