import { find, parse } from "@workloops/parser";
import { expect, test } from "vitest";

/** The kinds of the nodes at the cursor `$`. */
function kindsAt(marked: string): string[] {
  return find(parse(marked.replace("$", "")).tree, marked.indexOf("$")).map(({ kind }) => kind);
}

test.each([
  ["$fast_lane:1", "configuration group chain queue"],
  ["fast$_lane:1", "configuration group chain queue"],
  ["fast_lane$:1", "configuration group chain queue"],
  ["fast_lane:$1", "configuration group capacity"],
  ["fast_lane:1$", "configuration group capacity"],
  ["manual>$*:1", "configuration group chain wildcard"],
  ["manual>*$:1", "configuration group chain wildcard"],
  ["a:1$ b:2", "configuration group capacity"],
  ["a:1 $ b:2", "configuration"],
  ["a:1 $b:2", "configuration group chain queue"],
  ["$", "configuration"],
  ["a-$b:1", "configuration group"],
  [":$1", "configuration group capacity"],
])("%s: %s", (marked, kinds) => {
  expect(kindsAt(marked).join(" ")).toBe(kinds);
});
