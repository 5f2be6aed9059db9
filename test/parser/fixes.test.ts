import { fixes, parse } from "@workloops/parser";
import { expect, it } from "vitest";

function titles(text: string): string[] {
  return parse(text).diagnostics.flatMap((problem) => fixes(text, problem).map((fix) => fix.title));
}

it("a repair is shown in one line, however the value is spread", () => {
  expect(titles("        \nfast_lane:1          \nmanual>*4\n")).toEqual([
    "Write `fast_lane:1 manual>*:4`",
  ]);
});

it("what would not be seen in a repair is written out", () => {
  expect(titles("a:1\u200b manual>*4")[0]).toMatch(/^Write `a:1 manual>\*:4`$/);
});
