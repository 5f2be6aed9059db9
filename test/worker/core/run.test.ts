import type { RunEvent } from "@workloops/worker/core";
import { describe, expect, test } from "vitest";
import {
  complete,
  executing,
  joined,
  line,
  plan,
  say,
  start,
  stepComplete,
  stepStart,
} from "./executing-run.ts";
import { ScriptedWorker } from "./scripted-worker.ts";

describe("a run", () => {
  test("is executed with its plan, its input and each credential fetched once", () => {
    const worker = executing();
    expect(worker.eventsOf("r")).toEqual(["fetch:plan", "fetch:dataclip", "fetch:credential"]);
    expect(worker.lastSent("fetch:dataclip").payload).toEqual({ id: "clip" });
    const execute = worker.effects.find((effect) => effect.type === "execute");
    expect(execute).toMatchObject({
      run: "r",
      lane: "*",
      input: '{"x":1}',
      options: { timeoutMs: 1_000, payloadLimitMb: 10 },
      plan: {
        start: "t",
        steps: [
          { id: "t", next: { a: true } },
          {
            id: "a",
            adaptors: ["@openfn/language-common@1.0.0"],
            configuration: { user: "u" },
            next: { b: { condition: "on_job_success" } },
          },
          { id: "b", adaptors: [], configuration: { user: "u" } },
        ],
      },
    });
  });

  test("is not executed before the journal holds that it starts", () => {
    const worker = joined();
    worker.reply(worker.lastSent("fetch:plan"), "ok", { jobs: [{ id: "a" }] });
    expect(worker.effects.at(-1)).toMatchObject({ type: "journal", entry: { type: "started" } });
    expect(worker.effects.some((effect) => effect.type === "execute")).toBe(false);
  });

  test("tells its events in order, one in flight, in the exact shapes", () => {
    const worker = executing();
    say(worker, start, stepStart, stepComplete, complete);
    worker.tell({ type: "run-ended", run: "r" });
    expect(worker.eventsOf("r").slice(3)).toEqual(["run:start"]);
    worker.answerEvents("r");
    expect(worker.eventsOf("r").slice(3)).toEqual([
      "run:start",
      "run:log",
      "run:log",
      "step:start",
      "step:complete",
      "run:log",
      "run:complete",
    ]);
    expect(worker.lastSent("run:start").payload).toEqual({
      versions: { node: "20", worker: "0.0.0" },
      timestamp: "1000000",
    });
    const stepId = (worker.lastSent("step:start").payload as { step_id: string }).step_id;
    expect(stepId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(worker.lastSent("step:start").payload).toEqual({
      step_id: stepId,
      job_id: "a",
      timestamp: "2000500",
      input_dataclip_id: "clip",
    });
    const clip = (worker.lastSent("step:complete").payload as { output_dataclip_id: string })
      .output_dataclip_id;
    expect(worker.lastSent("step:complete").payload).toEqual({
      step_id: stepId,
      job_id: "a",
      mem: { job: 1, system: 2 },
      duration: 5,
      thread_id: "7",
      timestamp: "3000000",
      reason: "success",
      error_type: null,
      error_message: null,
      output_dataclip_id: clip,
      output_dataclip: "{}",
    });
    expect(worker.lastSent("run:log").payload).toEqual({
      run_id: "r",
      source: "R/T",
      level: "success",
      message: ["Run complete with status: success"],
      timestamp: "3990000",
    });
    expect(worker.lastSent("run:complete").payload).toEqual({
      reason: "success",
      error_type: null,
      error_message: null,
      timestamp: "4000000",
      final_state: { y: 2 },
      final_dataclip_id: clip,
    });
    expect(worker.state.runs.size).toBe(0);
    expect(worker.lane("*").active).toBe(0);
  });

  test("on the error path says only why", () => {
    const worker = executing();
    say(worker, {
      type: "workflow-error",
      time: 1,
      durationMs: 1,
      error: { reason: "kill", type: "OOMError", message: "too much" },
    });
    worker.answerEvents("r");
    expect(worker.lastSent("run:complete").payload).toEqual({
      reason: "kill",
      error_type: "OOMError",
      error_message: "too much",
    });
    expect(worker.lastSent("run:log").payload).toMatchObject({ message: ["OOMError: too much"] });
  });

  test.each([
    ["several leaves", [stepComplete, { ...stepComplete, visit: 2 }], undefined],
    [
      "a leaf that is too large",
      [{ ...stepComplete, output: undefined, outputTooLarge: true }],
      undefined,
    ],
  ])("with %s names no final dataclip", (_name, steps, expected) => {
    const worker = executing();
    say(worker, start, stepStart, ...(steps as RunEvent[]), complete);
    worker.answerEvents("r");
    expect(worker.lastSent("run:complete").payload).not.toHaveProperty(
      "final_dataclip_id",
      expected,
    );
  });

  test("an output that would outgrow the server's frame is withheld, and the socket lives", () => {
    const worker = executing();
    const output = JSON.stringify({ text: '"'.repeat(3_000_000) });
    say(worker, start, stepStart, { ...stepComplete, output, next: ["b"] });
    say(worker, { ...stepStart, stepId: "b" });
    worker.answerEvents("r");
    expect(worker.lastSent("step:complete").payload).toMatchObject({
      output_dataclip_error: "DATACLIP_TOO_LARGE",
    });
    expect(worker.lastSent("step:complete").payload).not.toHaveProperty("output_dataclip");
    expect(worker.lastSent("step:start").payload).not.toHaveProperty("input_dataclip_id");
  });

  test("log lines travel in batches where that is on", () => {
    const worker = executing({ batchLogs: { limit: 3, intervalMs: 10 } });
    say(worker, ...Array.from({ length: 4 }, (_, n) => line(n)));
    expect(worker.eventsOf("r").slice(3)).toEqual(["run:batch_logs"]);
    expect(worker.lastSent("run:batch_logs").payload).toEqual({
      run_id: "r",
      logs: [0, 1, 2].map((n) => ({
        message: ["m"],
        source: "JOB",
        level: "info",
        timestamp: String(n * 1000),
      })),
    });
    worker.answerEvents("r");
    expect(worker.sent("run:batch_logs")).toHaveLength(1);
    worker.pass(10);
    expect(worker.sent("run:batch_logs")).toHaveLength(2);
    worker.answerEvents("r");
    say(worker, line(5), stepStart);
    expect(worker.sent("run:batch_logs")).toHaveLength(3);
  });
});

describe("a run that cannot start is reported, and the worker lives", () => {
  test.each([
    [
      "its plan is refused",
      "error",
      { errors: { id: ["not found"] } },
      "PlanError",
      "id: not found",
    ],
    ["its plan is no plan", "ok", { jobs: "many" }, "PlanError", "plan.jobs: a string, not a list"],
  ] as const)("%s", (_name, status, response, type, message) => {
    const worker = joined();
    worker.reply(worker.lastSent("fetch:plan"), status, response);
    worker.answerEvents("r");
    expect(worker.lastSent("run:complete").payload).toMatchObject({
      reason: "exception",
      error_type: type,
    });
    expect(worker.lastSent("run:complete").payload).toHaveProperty(
      "error_message",
      expect.stringContaining(message),
    );
    expect(worker.lane("*").active).toBe(0);
  });

  test("its plan does not come", () => {
    const worker = joined();
    worker.pass(90_000);
    expect(worker.sent("fetch:plan")).toHaveLength(3);
    worker.answerEvents("r");
    expect(worker.lastSent("run:complete").payload).toMatchObject({ error_type: "PlanError" });
  });

  test("its dataclip or credential fails", () => {
    for (const [event, type] of [
      ["fetch:dataclip", "DataClipError"],
      ["fetch:credential", "CredentialLoadError"],
    ] as const) {
      const worker = joined();
      worker.reply(worker.lastSent("fetch:plan"), "ok", plan);
      worker.reply(worker.lastSent(event), "error", "reauthorise");
      const other = event === "fetch:dataclip" ? "fetch:credential" : "fetch:dataclip";
      worker.reply(worker.lastSent(other), "ok", [123, 125]);
      worker.answerEvents("r");
      expect(worker.lastSent("run:complete").payload).toMatchObject({
        reason: "exception",
        error_type: type,
      });
    }
  });

  test("its token is bad", () => {
    const worker = new ScriptedWorker("*:1").start().join();
    worker.grant("*", "r");
    worker.tell({
      type: "token-checked",
      run: "r",
      verdict: { ok: false, problem: "the token is for another run" },
    });
    worker.reply(worker.lastSent("phx_join", "run:r"), "ok", {});
    worker.answerEvents("r");
    expect(worker.eventsOf("r")).not.toContain("fetch:plan");
    expect(worker.lastSent("run:complete").payload).toMatchObject({ error_type: "InvalidToken" });
  });

  test("an input that the server wiped when it was asked first is not asked for again", () => {
    const worker = joined();
    worker.reply(worker.lastSent("fetch:plan"), "ok", {
      ...plan,
      options: { output_dataclips: false },
    });
    worker.reply(worker.lastSent("fetch:credential"), "ok", {});
    worker.pass(30_000);
    expect(worker.sent("fetch:dataclip")).toHaveLength(1);
    worker.answerEvents("r");
    expect(worker.lastSent("run:complete").payload).toMatchObject({ error_type: "DataClipError" });
  });

  test("Lightning refuses its channel for good", () => {
    const worker = new ScriptedWorker("*:1").start().join();
    worker.grant("*", "r");
    worker.tell({
      type: "token-checked",
      run: "r",
      verdict: { ok: true, value: { expiresAt: undefined } },
    });
    for (let n = 0; n < 3; n += 1) {
      worker.reply(worker.lastSent("phx_join", "run:r"), "error", { reason: "unauthorized" });
      worker.pass(2_000);
    }
    expect(worker.state.runs.size).toBe(0);
    expect(worker.lane("*").active).toBe(0);
    expect(worker.logs()).toContain("lost: Lightning refuses its channel (unauthorized)");
  });
});

test("what a worker held that has died meanwhile is ended or executed; what is held here is left alone", () => {
  const worker = executing();
  const of = (id: string, started: boolean) =>
    ({ id, token: `token of ${id}`, chain: "*", started, end: undefined }) as const;
  const runs = [of("r", true), of("dead", true), of("waits", false)];
  worker.tell({ type: "inherited", runs });
  expect([...worker.state.runs.keys()]).toEqual(["r", "dead"]);
  expect(worker.state.runs.get("r")?.phase.type).toBe("running");
  expect(worker.state.runs.get("dead")?.verdict?.type).toBe("WorkerDied");
  expect(worker.lane("*").surplus.map(({ id }) => id)).toEqual(["waits"]);
});

test("of a worker that died no more runs wait than there is room for, besides what is asked for", () => {
  const worker = new ScriptedWorker("*:2").start().join();
  const ids = ["a", "b", "c", "d"];
  const runs = ids.map((id) => ({ id, token: id, chain: "*", started: false, end: undefined }));
  worker.tell({ type: "inherited", runs });
  expect(worker.lane("*").surplus.map(({ id }) => id)).toEqual(["a", "b"]);
  worker.grant("*", "x", "y");
  // Those that waited first take the slots, and what was asked for waits behind them.
  expect(worker.lane("*").surplus.map(({ id }) => id)).toEqual(["x", "y"]);
  expect([...worker.state.runs].map(([id, { holdsSlot }]) => [id, holdsSlot])).toEqual([
    ["c", false],
    ["d", false],
    ["a", true],
    ["b", true],
  ]);
});
