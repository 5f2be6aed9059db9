import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readEvent } from "../../../packages/engine/src/pool/read-event.ts";

const frame = (event: unknown, body = "", hasBody = body !== "") => ({
  head: { type: "event", event, hasBody },
  body,
});

const step = {
  type: "step-complete",
  time: 1,
  stepId: "a",
  visit: 0,
  durationMs: 1,
  memory: { job: 1, system: 2 },
  threadId: "7",
  next: ["b"],
};
const log = { type: "log", time: 1, level: "info", source: "JOB" };
const error = { reason: "fail", type: "JobError", message: "m" };

describe("read event", () => {
  it("takes the text of a step, of a run and of a line from the body", () => {
    expect(readEvent(frame(step, '{"a":1}'))).toEqual({ ...step, output: '{"a":1}' });
    expect(readEvent(frame(log, '["x",1]'))).toEqual({ ...log, message: ["x", 1] });
    const end = { type: "workflow-complete", time: 1, durationMs: 2 };
    expect(readEvent(frame(end, "5"))).toEqual({ ...end, finalState: "5" });
    expect(readEvent(frame({ ...end, error }))).toEqual({ ...end, error });
  });

  it.each([
    ["another message", { head: { type: "ready" }, body: "" }],
    ["no event", frame(undefined)],
    ["an unknown type", frame({ ...step, type: "toString" })],
    ["__proto__ as type", frame(JSON.parse('{"type":"__proto__","time":1}'))],
    ["no time", frame({ ...step, time: "now" })],
    ["a step without id", frame({ ...step, stepId: 1 })],
    ["next that are no ids", frame({ ...step, next: [1] })],
    ["a memory of text", frame({ ...step, memory: { job: "1", system: 1 } })],
    ["an error without reason", frame({ ...step, error: { ...error, reason: "success" } })],
    ["a level that is none", frame({ ...log, level: "loud" }, "[]")],
    ["a line that is no array", frame(log, '{"length":1}')],
    ["a line that is no JSON", frame(log, "[")],
    ["versions of text", frame({ type: "workflow-start", time: 1, versions: "1" })],
  ])("refuses %s", (_name, hostile) => {
    expect(readEvent(hostile)).toBeUndefined();
  });

  it("throws for nothing that a child can send", () => {
    let read = 0;
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (head, body) => {
        for (const value of [head, { type: "event", event: head, hasBody: true }]) {
          if (readEvent({ head: value, body }) === undefined) read += 1;
        }
      }),
      { numRuns: 500 },
    );
    expect(read).toBe(1000);
  });
});
