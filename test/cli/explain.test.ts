import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pageOf } from "@workloops/parser";
import { afterEach, describe, expect, test } from "vitest";
import { explain } from "../../packages/cli/src/commands/explain.ts";
import { captured } from "./captured.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "workloops-explain-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

test("a value in words and as a table", async () => {
  const { out, err, code } = await captured(explain, ["fast_lane:1 manual>*:4"]);
  expect({ err, code }).toEqual({ err: "", code: 0 });
  expect(out).toBe(`fast_lane:1 manual>*:4

5 runs at once, in 2 workloops:
  fast_lane:1  up to 1 run of fast_lane and nothing else
  manual>*:4   up to 4 runs, of manual and then of any queue

queue      guaranteed  preferred  possible
fast_lane           1          0         5
manual              0          4         4
default             0          0         4

  guaranteed: slots that no other queue ever takes
  preferred: slots that it takes before the queues which are not named there
  possible: the most of its runs at once

Three fast_lane runs at one moment, while the slots of other queues are busy:
  1st  starts at once, in a slot that only fast_lane uses
  2nd  waits with default for one of 4 slots, the oldest first, behind manual
  3rd  waits with default for one of 4 slots, the oldest first, behind manual
To let the later ones go first: fast_lane:1 fast_lane>manual>*:4

What the worker sends:
  join   {"capacity":5,"queues":{"fast_lane":1,"manual>*":4}}
  claim  {"queues":["fast_lane"]}
  claim  {"queues":["manual","*"]}

Memory with every slot full: 5 x 500 MiB + 300 MiB for the worker = 2,800 MiB.
`);
});

describe("parts that stand there only where they say something", () => {
  test.each([
    ["fast_lane:1 fast_lane>manual>*:4", "  2nd  takes the next of 4 slots\n", "To let the later"],
    ["manual>fast_lane>*:4", "takes the next of 4 slots, behind manual", "To let the later"],
    ["manual:2", "Nobody takes fast_lane or default here", "shared"],
    ["manual:2", "1st  is never taken here", "preferred to"],
    ["fast_lane:1", "2nd  waits until a run before it ends", "shared"],
    ["fast_lane>manual:2", "waits with manual for one of 2 slots", "To let the later"],
    ["fast_lane>manual:2", "shared: slots that it has together with other queues", "wait with"],
    ["fast_lane>manual:2", "hint[strict-chain-order]", "Nobody takes manual"],
  ])("%s: %s", async (value, present, missing) => {
    const { out } = await captured(explain, [value]);
    expect(out).toContain(present);
    expect(out).not.toContain(missing);
  });
});

test("memory at another run limit", async () => {
  const { out } = await captured(explain, ["*:2", "--run-memory", "1000"]);
  expect(out).toContain("2 x 1,000 MiB + 300 MiB for the worker = 2,300 MiB.");
});

test("groups that a shell has split are one value", async () => {
  const { out } = await captured(explain, ["fast_lane:1", "manual:4"]);
  expect(out.split("\n")[0]).toBe("fast_lane:1 manual:4");
});

test("the same as data", async () => {
  const { out } = await captured(explain, ["manual:2", "--format", "json"]);
  expect(JSON.parse(out)).toMatchObject({
    version: 1,
    value: "manual:2",
    capacity: 2,
    unserved: ["fast_lane", "default"],
    join: { capacity: 2, queues: { manual: 2 } },
    diagnostics: [],
  });
});

test("a .workloops file, and standard input", async () => {
  const cwd = folderWith({ "lanes.workloops": "# two lanes\nfast_lane:1 # quick\n*:2\n" });
  const file = await captured(explain, ["@lanes.workloops"], { cwd });
  expect(file.out.split("\n")[0]).toBe("fast_lane:1 *:2");
  const stdin = await captured(explain, ["-"], { stdin: "manual:1 # here\n" });
  expect(stdin.out.split("\n")[0]).toBe("manual:1");
  const none = await captured(explain, ["@none.workloops"], { cwd });
  expect([none.code, none.err]).toEqual([2, "workloops explain: none.workloops does not exist.\n"]);
});

test("queues of the settings are known", async () => {
  const cwd = folderWith({ "workloops.config.json": '{"queues":["reports"]}' });
  const { out } = await captured(explain, ["reports:1 *:1"], { cwd });
  expect(out).toMatch(/^reports +1 +0 +2$/m);
  expect(out).not.toContain("queue-unknown");
});

test("a value with errors is shown, and not explained", async () => {
  const { out, err, code } = await captured(explain, ["fast_lane:1 manual>*5"]);
  expect([code, out]).toEqual([1, ""]);
  expect(err).toContain(" --> value:1:13\n");
  expect(err).toContain("= fix: Write `fast_lane:1 manual>*:5` (changes the meaning)");
});

describe("rules", () => {
  test("the page of a rule of the language", async () => {
    const { out, code } = await captured(explain, ["capacity-missing"]);
    expect([code, out]).toEqual([0, pageOf("capacity-missing")]);
  });

  test("the page of a rule that needs a file", async () => {
    const { out, code } = await captured(explain, ["yaml-alias"]);
    expect([code, out.split("\n")[0]]).toEqual([0, "# yaml-alias"]);
  });

  test("a code that is nearly right", async () => {
    const { err, code } = await captured(explain, ["capacity-mising"]);
    expect([code, err]).toEqual([
      2,
      "workloops explain: there is no rule capacity-mising; try capacity-missing.\n",
    ]);
  });
});

test.each([
  [[], "Usage: workloops explain"],
  [["*:1", "--format", "xml"], "--format: xml is neither text nor json"],
  [["*:1", "--run-memory", "0"], "--run-memory: 0 is no whole number of MiB"],
  [["*:1", "--no-such"], "--no-such"],
])("%j is wrong use", async (args, said) => {
  const { err, code } = await captured(explain, args);
  expect(code).toBe(2);
  expect(err).toContain(said);
});

test("--help", async () => {
  const { out, code } = await captured(explain, ["--help"]);
  expect([code, out.startsWith("Usage: workloops explain VALUE")]).toEqual([0, true]);
});
