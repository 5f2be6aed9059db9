import { format, parse, print } from "@workloops/parser";
import { expect, test } from "vitest";

test.each([
  ["  fast_lane:1\n\tmanual>*:4  ", "fast_lane:1 manual>*:4"],
  ["a:1 b- c:2", "a:1 b- c:2"],
  [" **:1   x>:05 ", "**:1 x>:05"],
  ["a:1\u00a0b:2", "a:1 b:2"],
  ["", ""],
  ["  ", ""],
])("%j is %j in canonical text", (text, canonical) => {
  expect(print(parse(text).tree)).toBe(canonical);
  expect(format(text)).toBe(canonical);
});

test("what was not read whole is left as it is", () => {
  const groups = Array.from({ length: 1_001 }, (_, i) => `q${i}:1`).join("  ");
  expect(format(groups)).toBe(groups);
  const long = " ".repeat(65_537);
  expect(format(long)).toBe(long);
});

test("a chain that is too long is read whole", () => {
  const chain = `${Array.from({ length: 101 }, (_, i) => `q${i}`).join(">")}:1`;
  expect(format(`  ${chain}  *:1`)).toBe(`${chain} *:1`);
});
