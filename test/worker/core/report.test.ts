import type { RunEvent } from "@workloops/worker/core";
import type { LightningPlan } from "@workloops/worker/protocol";
import { describe, expect, test } from "vitest";
import { emptyReport, reportEvent } from "../../../packages/worker/src/core/run/report.ts";
import { toRunPlan } from "../../../packages/worker/src/core/run/run-plan.ts";
import { settingsOf } from "./scripted-worker.ts";

function tell(events: readonly RunEvent[], options: LightningPlan["options"] = {}) {
  const jobs = ["a", "b", "c"].map((id) => ({ id }));
  const plan = toRunPlan(
    { triggers: [{ id: "t" }], jobs, edges: [], options, dataclip_id: "input" },
    { id: "r", token: "t" },
    settingsOf("*:1"),
  );
  let ids = 0;
  let report = emptyReport;
  return events.flatMap((event) => {
    const told = reportEvent(report, event, {
      run: "r",
      plan,
      workerVersion: "1",
      maxTextBytes: settingsOf("*:1").limits.textBytes,
      newId: () => {
        ids += 1;
        return `id${ids}`;
      },
    });
    report = told.report;
    return told.outgoing.map(
      ({ event: name, payload }) => ({ event: name, ...payload }) as Record<string, unknown>,
    );
  });
}

const start = (stepId: string, visit = 1): RunEvent => ({
  type: "step-start",
  time: 1,
  stepId,
  visit,
});
const complete = (
  stepId: string,
  next: readonly string[],
  more: Partial<Extract<RunEvent, { type: "step-complete" }>> = {},
): RunEvent => ({
  type: "step-complete",
  time: 2,
  stepId,
  visit: 1,
  durationMs: 1,
  memory: { job: 1, system: 1 },
  threadId: "1",
  output: "{}",
  next,
  ...more,
});

const inputs = (told: readonly Record<string, unknown>[]) =>
  told.filter(({ event }) => event === "step:start").map((one) => one["input_dataclip_id"]);

describe("what a step starts with", () => {
  test("is the run's input for the first, and the clip of its own branch for the others", () => {
    const told = tell([
      start("a"),
      complete("a", ["b", "c"]),
      start("b"),
      complete("b", ["c"]),
      start("c"),
      complete("c", []),
      start("c", 2),
    ]);
    const clips = told
      .filter(({ event }) => event === "step:complete")
      .map((one) => one["output_dataclip_id"]);
    expect(inputs(told)).toEqual(["input", clips[0], clips[0], clips[1]]);
  });

  test("is not named where it was withheld", () => {
    const told = tell([start("a"), complete("a", ["b"], { outputTooLarge: true }), start("b")]);
    expect(told.at(-1)).not.toHaveProperty("input_dataclip_id");
  });

  test("triggers are no steps of the server", () => {
    expect(tell([start("t"), complete("t", ["a"])])).toEqual([]);
  });
});

describe("what a step ends with", () => {
  test("an id alone where the project keeps no dataclips", () => {
    const [, told] = tell([start("a"), complete("a", [])], { output_dataclips: false });
    expect(told).toMatchObject({ output_dataclip_id: "id2" });
    expect(told).not.toHaveProperty("output_dataclip");
  });

  test("neither id nor clip where the output is too large", () => {
    const [, told] = tell([start("a"), complete("a", [], { outputTooLarge: true })]);
    expect(told).toMatchObject({ output_dataclip_error: "DATACLIP_TOO_LARGE" });
    expect(told).not.toHaveProperty("output_dataclip_id");
    expect(told).not.toHaveProperty("output_dataclip");
  });

  test("the answer to a webhook, also where the step failed", () => {
    const error = { reason: "fail", type: "JobError", message: "no" } as const;
    const [, told] = tell([
      start("a"),
      complete("a", [], { webhookResponse: '{"status":201}', error }),
    ]);
    expect(told).toMatchObject({
      webhook_response: { status: 201 },
      reason: "fail",
      error_type: "JobError",
      error_message: "no",
    });
  });

  test("an answer that would outgrow the frame is left out, and the step is not", () => {
    const webhookResponse = JSON.stringify("x".repeat(11_000_000));
    const [, told] = tell([start("a"), complete("a", [], { webhookResponse })]);
    expect(told).not.toHaveProperty("webhook_response");
    expect(told).toMatchObject({ output_dataclip: "{}" });
  });
});

describe("how a run ends", () => {
  const end: RunEvent = {
    type: "workflow-complete",
    time: 9,
    durationMs: 1,
    finalState: '{"a":{},"b":{}}',
  };

  test.each([
    ["one leaf", [start("a"), complete("a", [])], "id2"],
    [
      "two leaves",
      [
        start("a"),
        complete("a", ["b", "c"]),
        start("b"),
        complete("b", []),
        start("c"),
        complete("c", []),
      ],
      undefined,
    ],
    ["a leaf without a clip", [start("a"), complete("a", [], { outputTooLarge: true })], undefined],
    ["no step", [], undefined],
  ])("%s: the final dataclip is %s", (_name, events, expected) => {
    const last = tell([...events, end]).at(-1);
    expect(last?.["final_dataclip_id"]).toBe(expected);
    expect(last?.["final_state"]).toEqual({ a: {}, b: {} });
  });

  test("with the error of a leaf, its reason is the run's", () => {
    const error = { reason: "fail", type: "JobError", message: "no" } as const;
    const told = tell([{ ...end, error }]);
    expect(told.map(({ event, message }) => message ?? event)).toEqual([
      ["Run complete with status: fail"],
      ["JobError: no"],
      "run:complete",
    ]);
    expect(told.at(-1)).toMatchObject({
      reason: "fail",
      error_type: "JobError",
      error_message: "no",
      timestamp: "9000",
    });
  });

  test("a message of any length is cut", () => {
    const error = { reason: "crash", type: "X", message: "m".repeat(1_000_000) } as const;
    const told = tell([{ type: "workflow-error", time: 1, durationMs: 1, error }]);
    expect(JSON.stringify(told).length).toBeLessThan(30_000);
  });
});
