import { describe, expect, it } from "vitest";
import { maxTimerMs, startTimer } from "../../../packages/engine/src/pool/run-timer.ts";
import { handClock } from "./hand-clock.ts";

describe("run timer", () => {
  it("calls once, at its time", () => {
    const { clock, advance } = handClock();
    let calls = 0;
    startTimer(500, () => (calls += 1), clock);
    advance(499);
    expect(calls).toBe(0);
    advance(1);
    advance(5000);
    expect(calls).toBe(1);
  });

  it("waits in parts where Node cannot wait so long", () => {
    const { clock, advance, asked } = handClock();
    let calls = 0;
    startTimer(2 * maxTimerMs + 10, () => (calls += 1), clock);
    advance(maxTimerMs);
    advance(maxTimerMs);
    expect([calls, asked]).toEqual([0, [maxTimerMs, maxTimerMs, 10]]);
    advance(10);
    expect(calls).toBe(1);
  });

  it("is early by no clock that is set back", () => {
    const { clock, advance } = handClock();
    let calls = 0;
    startTimer(100, () => (calls += 1), clock);
    advance(-50);
    advance(100);
    expect(calls).toBe(0);
    advance(100);
    expect(calls).toBe(1);
  });

  it("can be stopped", () => {
    const { clock, advance } = handClock();
    const stop = startTimer(100, () => expect.unreachable(), clock);
    stop();
    advance(1000);
    expect(clock.now()).toBe(1000);
  });
});
