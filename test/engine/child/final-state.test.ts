import { describe, expect, it } from "vitest";
import { finalStateText } from "../../../packages/engine/src/child/final-state.ts";

describe("final state", () => {
  it.each([
    ["one leaf", { data: {}, a: 1 }, 1, '{"data":{},"a":1}'],
    ["none", undefined, 1, undefined],
    ["a number", 5, 2, "5"],
    ["a list", [{}], 2, "[{}]"],
    [
      "several leaves, the empty ones out",
      { a: { x: 1 }, b: {}, c: { data: {} } },
      3,
      '{"a":{"x":1}}',
    ],
    ["one of several that gave something", { data: {}, a: 1 }, 2, '{"a":1}'],
    ["no leaf that is a step", { data: {}, a: 1 }, 0, '{"data":{},"a":1}'],
  ])("%s", (_name, result, leaves, expected) => {
    expect(finalStateText(result, leaves)).toBe(expected);
  });
});
