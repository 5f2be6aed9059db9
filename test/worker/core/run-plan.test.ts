import { type LightningPlan, readLightningPlan } from "@workloops/worker/protocol";
import { describe, expect, test } from "vitest";
import { toRunPlan, withCredentials } from "../../../packages/worker/src/core/run/run-plan.ts";
import { settingsOf } from "./scripted-worker.ts";

function converted(plan: object, change = {}) {
  const read = readLightningPlan({ id: "p", ...plan });
  if (!read.ok) throw new Error(read.problem);
  return toRunPlan(
    read.value as LightningPlan,
    { id: "run", token: "the token" },
    settingsOf("*:1", change),
  );
}

const step = (plan: object, id: string, change = {}) =>
  converted(plan, change).execution.steps.find((one) => one.id === id);

describe("edges", () => {
  const job = (edge: object) => ({
    jobs: [{ id: "a" }, { id: "b" }],
    edges: [{ source_job_id: "a", target_job_id: "b", ...edge }],
  });
  const trigger = (edge: object) => ({
    triggers: [{ id: "t" }],
    jobs: [{ id: "a" }],
    edges: [{ source_trigger_id: "t", target_job_id: "a", ...edge }],
  });

  test.each([
    ["enabled, without a condition", { enabled: true }, true],
    ["always", { enabled: true, condition: "always" }, true],
    ["an empty condition", { enabled: true, condition: "" }, true],
    ["null", { enabled: true, condition: null }, true],
    [
      "a word that the runtime knows",
      { enabled: true, condition: "on_job_failure" },
      { condition: "on_job_failure" },
    ],
    ["an expression", { enabled: true, condition: "state.x > 1" }, { condition: "state.x > 1" }],
    ["disabled", { enabled: false, condition: "always" }, { disabled: true }],
  ])("between jobs: %s", (_name, edge, expected) => {
    expect(step(job(edge), "a")?.next).toEqual({ b: expected });
  });

  test.each([
    ["always", { enabled: true, condition: "always" }, { a: true }],
    ["an expression", { enabled: true, condition: "state.x" }, { a: { condition: "state.x" } }],
    ["disabled: dropped", { enabled: false }, {}],
  ])("from a trigger: %s", (_name, edge, expected) => {
    expect(step(trigger(edge), "t")).toEqual({ id: "t", next: expected });
  });

  test("of two on one pair the last one counts", () => {
    const edges = ["state.x", "state.y"].map((condition) => ({
      source_job_id: "a",
      target_job_id: "b",
      enabled: true,
      condition,
    }));
    expect(step({ jobs: [{ id: "a" }, { id: "b" }], edges }, "a")?.next).toEqual({
      b: { condition: "state.y" },
    });
  });

  test("to a step called __proto__ are edges like any other", () => {
    const plan = {
      jobs: [{ id: "a" }, { id: "__proto__" }],
      edges: [{ source_job_id: "a", target_job_id: "__proto__", enabled: true }],
    };
    expect(Object.keys(step(plan, "a")?.next ?? {})).toEqual(["__proto__"]);
  });
});

test("steps: triggers first, then jobs, and only jobs are told of", () => {
  const plan = converted({
    triggers: [{}],
    jobs: [{ id: "a", name: "A", body: "x", state: { y: 1 } }],
    starting_node_id: "trigger",
    globals: "g",
  });
  expect(plan.execution).toEqual({
    id: "run",
    start: "trigger",
    globals: "g",
    steps: [
      { id: "trigger", next: {} },
      { id: "a", name: "A", expression: "x", adaptors: [], state: { y: 1 } },
    ],
  });
  expect([...plan.jobs]).toEqual(["a"]);
});

describe("options", () => {
  test("what the plan does not say is the worker's", () => {
    expect(converted({ jobs: [] }).options).toEqual({
      timeoutMs: 300_000,
      memoryLimitMb: 500,
      payloadLimitMb: 10,
      logPayloadLimitMb: 1,
      statePropsToRemove: ["configuration", "response"],
    });
  });

  test("no memory at all is none that it says", () => {
    const options = { run_memory_limit_mb: 0, run_timeout_ms: 0 };
    expect(converted({ jobs: [], options }).options).toMatchObject({
      memoryLimitMb: 500,
      timeoutMs: 0,
    });
  });

  test("what it says counts, as far as it is known", () => {
    const options = {
      run_timeout_ms: 5,
      run_memory_limit_mb: 64,
      payload_limit_mb: 2,
      log_payload_limit_mb: 0.5,
      job_log_level: "none",
      sanitize: "remove",
      output_dataclips: false,
    };
    const plan = converted({ jobs: [], options });
    expect(plan).toMatchObject({
      keepsDataclips: false,
      options: {
        timeoutMs: 5,
        memoryLimitMb: 64,
        payloadLimitMb: 2,
        logPayloadLimitMb: 0.5,
        jobLogLevel: "none",
        sanitize: "remove",
      },
    });
    const odd = converted({
      jobs: [],
      options: { job_log_level: "loud", sanitize: "maybe", run_timeout_ms: -1 },
    });
    expect(odd.options).not.toHaveProperty("jobLogLevel");
    expect(odd.options).not.toHaveProperty("sanitize");
    expect(odd.options.timeoutMs).toBe(300_000);
  });
});

describe("credentials", () => {
  const plan = {
    jobs: [
      { id: "a", credential_id: "c1" },
      { id: "b", credential: "c1", credential_id: "ignored" },
      { id: "c", credential: { inline: true } },
      { id: "d", credential_id: "c2" },
      { id: "e", credential_id: null },
    ],
  };

  test("each id is asked for once; one that came with the plan is not", () => {
    expect(converted(plan).credentialIds).toEqual(["c1", "c2"]);
  });

  test("stand in the steps that name them; one that is null leaves none", () => {
    const fetched = new Map<string, unknown>([
      ["c1", { user: "u" }],
      ["c2", null],
    ]);
    const steps = withCredentials(converted(plan).execution, fetched).steps;
    expect(steps.map(({ configuration }) => configuration)).toEqual([
      { user: "u" },
      { user: "u" },
      { inline: true },
      undefined,
      undefined,
    ]);
  });
});

describe("collections", () => {
  const plan = {
    project_id: "pr",
    jobs: [
      { id: "a", body: "collections.get('x')", adaptor: "@openfn/language-http@1" },
      { id: "b", body: "fn()" },
    ],
  };

  test("give steps that use them their adaptor, and every step the run's token", () => {
    const on = converted(plan, { collections: { url: "https://c", version: "1.2.3" } });
    expect(on.execution.steps.map(({ adaptors }) => adaptors)).toEqual([
      ["@openfn/language-http@1", "@openfn/language-collections@1.2.3"],
      [],
    ]);
    expect(on.execution.credentials).toEqual({
      collections_token: "the token",
      collections_endpoint: "https://c",
      project_id: "pr",
    });
  });

  test("that are off change nothing", () => {
    const off = converted(plan);
    expect(off.execution.steps[0]?.adaptors).toEqual(["@openfn/language-http@1"]);
    expect(off.execution).not.toHaveProperty("credentials");
  });
});
