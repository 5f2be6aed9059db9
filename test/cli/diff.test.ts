import { describe, expect, test } from "vitest";
import { diff } from "../../packages/cli/src/commands/diff.ts";
import { captured } from "./captured.ts";

test("what changes for each queue", async () => {
  const { out, err, code } = await captured(diff, ["fast_lane:1 manual>*:4", "manual>*:5"]);
  expect({ err, code }).toEqual({ err: "", code: 1 });
  expect(out).toBe(`5 runs at once, as before.

queue      guaranteed  preferred  possible                 order
fast_lane      1 -> 0          0         5  2nd in 4 -> 2nd in 5
manual              0     4 -> 5    4 -> 5  1st in 4 -> 1st in 5
default             0          0    4 -> 5  2nd in 4 -> 2nd in 5

Workloops:
  ends     fast_lane:1
  changes  manual>*:4 -> manual>*:5
`);
});

test("only what differs is shown", async () => {
  const { out } = await captured(diff, ["manual:1 *:2", "manual:3 *:2"]);
  expect(out).toContain("3 -> 5 runs at once.");
  expect(out).toMatch(/^manual +1 -> 3 +0 +3 -> 5/m);
  expect(out).not.toContain("default");
});

test("shared slots, and places beyond the third", async () => {
  const { out } = await captured(diff, ["manual>default:2", "a>b>c>manual>*:2"]);
  expect(out).toMatch(/^manual +0 +2 -> 0 +0 -> 2 +2 +none -> 4th in 2$/m);
  expect(out).toContain("  begins   a>b>c>manual>*:2");
});

describe("nothing changes", () => {
  test.each([
    ["fast_lane:1 *:2", "*:2   fast_lane:1"],
    ["*:1 *:2", "*:3"],
  ])("%j and %j", async (a, b) => {
    expect(await captured(diff, [a, b])).toEqual({
      out: "Nothing changes for any queue.\n",
      err: "",
      code: 0,
    });
  });
});

test("the same as data", async () => {
  const { out } = await captured(diff, ["*:1", "*:2", "--format", "json"]);
  expect(JSON.parse(out)).toMatchObject({ version: 1, capacity: { before: 1, after: 2 } });
});

test("standard input is one of the two", async () => {
  const { code } = await captured(diff, ["-", "*:2"], { stdin: "*:2 # as it is\n" });
  expect(code).toBe(0);
});

test.each([
  [["*:1"], "Usage: workloops diff A B"],
  [["*:1", "*:2", "*:3"], "Usage: workloops diff A B"],
  [["*:1", "*:2", "--format", "xml"], "Usage: workloops diff A B"],
  [["*:1", "manual>*"], "error[capacity-missing]"],
  [["@none.workloops", "*:1"], "none.workloops does not exist"],
  [["*:1", "*:1", "--no-such"], "--no-such"],
])("%j is refused", async (args, said) => {
  const { err, code } = await captured(diff, args);
  expect(code).toBe(2);
  expect(err).toContain(said);
});

test("--help", async () => {
  expect((await captured(diff, ["--help"])).out).toContain("Exit code: 0 both do the same");
});
