import type { ExecutionPlan } from "@workloops/engine";
import { describe, expect, it } from "vitest";
import { createCompileCache } from "../../packages/engine/src/compile-cache.ts";

const plan = (...steps: [expression: string, ...adaptors: string[]][]): ExecutionPlan => ({
  id: "run",
  steps: steps.map(([expression, ...adaptors], index) => ({
    id: String.fromCharCode(97 + index),
    expression,
    adaptors,
  })),
});

describe("compile cache", () => {
  it("finds a job by its source and its adaptors' versions", () => {
    const cache = createCompileCache();
    cache.keep(plan(["fn()", "x@1.0.0"]), { a: "text" }, []);
    expect(cache.find(plan(["other()"], ["fn()", "x@1.0.0"]))).toEqual({ b: "text" });
    expect(cache.find(plan(["fn()", "x@1.0.1"]))).toEqual({});
    expect(cache.find(plan(["fn( )", "x@1.0.0"]))).toEqual({});
  });

  it.each([
    ["an adaptor that the child imported before", plan(["fn()"]), ["y@1.0.0"]],
    ["an adaptor of another step", plan(["fn()"], ["", "y@1.0.0"]), []],
    ["a version that changes", plan(["fn()", "@openfn/language-x@local"]), []],
  ])("keeps nothing that could come from %s", (_name, from, imported) => {
    const cache = createCompileCache();
    cache.keep(from, { a: "text" }, imported);
    expect(cache.find(from)).toEqual({});
  });

  it("keeps what the job's own adaptors may have touched", () => {
    const cache = createCompileCache();
    cache.keep(plan(["fn()", "x@1.0.0"]), { a: "text" }, ["x@1.0.0"]);
    expect(cache.find(plan(["fn()", "x@1.0.0"]))).toEqual({ a: "text" });
  });

  it("forgets what was used longest ago", () => {
    const cache = createCompileCache(10);
    for (const body of ["one", "two"]) cache.keep(plan([body]), { a: "1234" }, []);
    cache.find(plan(["one"]));
    cache.keep(plan(["three"]), { a: "1234" }, []);
    expect(["one", "two", "three"].map((body) => cache.find(plan([body]))["a"])).toEqual([
      "1234",
      undefined,
      "1234",
    ]);
    cache.keep(plan(["large"]), { a: "12345678901" }, []);
    expect(cache.find(plan(["large"]))).toEqual({});
  });
});
