import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fixes, frame, helpOf, parse } from "@workloops/parser";
import { describe, expect, test } from "vitest";
import { configure } from "../../../packages/worker/src/options/configuration.ts";
import { readOptions } from "../../../packages/worker/src/options/read-options.ts";

const GIB = 1024 ** 3;

const configured = (
  args: readonly string[],
  env: Record<string, string> = {},
  memoryLimit = 64 * GIB,
) => configure(readOptions(args, env), { runMemoryMb: 500, memoryLimit, runDurationSeconds: 300 });

const groups = (args: readonly string[], env: Record<string, string> = {}) => {
  const result = configured(args, env);
  if (!result.ok) throw new Error(result.errors.join("\n"));
  return result.plan.groups.map(({ chain, capacity }) => `${chain}:${capacity}`).join(" ");
};

const refusal = (args: readonly string[], env: Record<string, string> = {}) => {
  const result = configured(args, env);
  return result.ok ? [] : result.errors;
};

describe("the lanes", () => {
  test.each([
    ["nothing given", [], {}, "manual>*:5"],
    ["a capacity alone", ["--capacity", "3"], {}, "manual>*:3"],
    ["a capacity by variable", [], { WORKER_CAPACITY: "3" }, "manual>*:3"],
    ["a configuration", ["--workloops", "fast_lane:2 *:3"], {}, "fast_lane:2 *:3"],
    ["the flag before the variable", ["--workloops", "a:1"], { WORKER_WORKLOOPS: "b:1" }, "a:1"],
  ])("%s", (_name, args, env, expected) => {
    expect(groups(args, env as Record<string, string>)).toBe(expected);
  });

  test("a .workloops file, with its comments", () => {
    const folder = mkdtempSync(join(tmpdir(), "workloops-"));
    try {
      const path = join(folder, "lanes.workloops");
      writeFileSync(path, "fast_lane:1 # synchronous\nmanual>*:4\n");
      expect(groups(["--workloops", `@${path}`])).toBe("fast_lane:1 manual>*:4");
      writeFileSync(path, "# lanes\nfast_lane:0\n");
      expect(refusal(["--workloops", `@${path}`])[0]).toContain(`--> ${path}:2:11`);
      expect(refusal(["--workloops", "@/nowhere"])[0]).toContain(
        "--workloops: cannot read /nowhere",
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("a bad value is refused as the linter shows it", () => {
    const value = "fast_lane:1 manual>*4";
    const [problem] = parse(value).diagnostics;
    if (problem === undefined) throw new Error("the parser found nothing");
    const [fix] = fixes(value, problem);
    if (fix === undefined) throw new Error("the parser offered no fix");
    expect(refusal([], { WORKER_WORKLOOPS: value })).toEqual([
      frame({ text: value, origin: "WORKER_WORKLOOPS", ...problem, help: helpOf(fix) }),
    ]);
  });

  test.each([
    [["--workloops", "a:1", "--capacity", "5"], {}, "--capacity 5", "command line"],
    [["--workloops", "a:1"], { WORKER_CAPACITY: "" }, "WORKER_CAPACITY=", "environment"],
    [[], { WORKER_WORKLOOPS: "", WORKER_CAPACITY: "5" }, "WORKER_CAPACITY=5", "environment"],
  ])("%j with %j: a capacity beside a configuration is refused", (args, env, text, origin) => {
    const [error] = refusal(args, env as Record<string, string>);
    expect(error).toContain("error[capacity-exclusivity]");
    expect(error).toContain(`--> ${origin}:1:1`);
    expect(error).toContain(`1 | ${text}`);
  });

  test("an empty configuration is refused", () => {
    expect(refusal([], { WORKER_WORKLOOPS: "" })[0]).toContain("error[empty]");
  });

  test("more memory than there is, is told", () => {
    const { memory } = configured(["--workloops", "*:5"], {}, 2 * GIB) as { memory: string };
    expect(memory).toContain("warning[memory-ceiling]");
    expect(memory).toContain("1 | --workloops *:5");
    expect(configured(["--workloops", "*:5"])).toMatchObject({ memory: undefined });
  });
});
