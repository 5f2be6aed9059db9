import { parse } from "@workloops/parser";
import { expect, test } from "vitest";
import { expectPicture, fixed } from "../picture.ts";

test("a text without a group is empty, whatever its white space", () => {
  expectPicture(`
    ∅
    ^ empty
  `);
  for (const text of ["", " ", "\t\r\n", "\u00a0", "\ufeff"]) {
    expect(parse(text).diagnostics.map(({ code, span }) => [code, span])).toEqual([
      ["empty", { start: 0, end: text.length }],
    ]);
  }
});

test("the fix is what a worker without a configuration serves", () => {
  expect(fixed("empty", " ")).toEqual({
    "Write what a worker serves without a configuration (changes)": "manual>*:5",
  });
});
