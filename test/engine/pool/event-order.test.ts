import type { RunError, RunEvent } from "@workloops/engine";
import { describe, expect, it } from "vitest";
import { eventOrder } from "../../../packages/engine/src/pool/event-order.ts";

const error: RunError = { reason: "kill", type: "TimeoutError", message: "late" };
const events: Readonly<Record<string, RunEvent>> = {
  S: { type: "workflow-start", time: 1, versions: {} },
  a: { type: "step-start", time: 2, stepId: "a", visit: 0 },
  A: complete("a", 0),
  b: { type: "step-start", time: 2, stepId: "b", visit: 0 },
  B: complete("b", 0),
  z: { type: "step-start", time: 2, stepId: "no such step", visit: 0 },
  "1": complete("a", 1),
  l: { type: "log", time: 2, level: "info", source: "JOB", message: [] },
  C: { type: "workflow-complete", time: 3, durationMs: 2 },
  E: { type: "workflow-error", time: 3, durationMs: 2, error },
};

function complete(stepId: string, visit: number): RunEvent {
  const memory = { job: 1, system: 1 };
  return {
    type: "step-complete",
    time: 3,
    stepId,
    visit,
    durationMs: 1,
    memory,
    threadId: "1",
    next: [],
  };
}

const newOrder = () => eventOrder(new Set(["a", "b"]));

/** What is accepted of a story, one letter an event; the first that is not ends it. */
function accepted(story: string): string {
  const order = newOrder();
  const refused = [...story].findIndex((letter) => !order.accept(events[letter] as RunEvent));
  return refused < 0 ? story : story.slice(0, refused);
}

describe("event order", () => {
  it.each(["SaAC", "SlalAlbBlC", "SaAbBE", "E", "SE", "SC"])("%s is a run", (story) => {
    expect(accepted(story)).toBe(story);
  });

  it.each([
    ["SS", "S"],
    ["a", ""],
    ["l", ""],
    ["C", ""],
    ["Sz", "S"],
    ["Sab", "Sa"],
    ["SA", "S"],
    ["SaB", "Sa"],
    ["Sa1", "Sa"],
    ["SaAA", "SaA"],
    ["SaC", "Sa"],
    ["SaE", "Sa"],
    ["SCl", "SC"],
    ["SCC", "SC"],
    ["SEC", "SE"],
  ])("%s is not: only %s of it", (story, expected) => {
    expect(accepted(story)).toBe(expected);
  });

  it("a run that is broken off completes its open step, then ends, once", () => {
    const order = newOrder();
    for (const letter of "Sa") order.accept(events[letter] as RunEvent);
    expect(order.breakOff(error, 10, 1)).toMatchObject([
      { type: "step-complete", stepId: "a", output: "{}", error, durationMs: 8 },
      { type: "workflow-error", stepId: "a", error, durationMs: 9 },
    ]);
    expect(order.breakOff(error, 11, 1)).toEqual([]);
    expect(order.ended()).toBe(true);
  });

  it("with no open step only the end is said", () => {
    expect(newOrder().breakOff(error, 10, 1)).toEqual([
      { type: "workflow-error", time: 10, durationMs: 9, error },
    ]);
  });
});
