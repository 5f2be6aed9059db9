import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { cpuTimeMs } from "../../../packages/engine/src/pool/cpu-time.ts";
import { watchProcessor } from "../../../packages/engine/src/pool/processor-watch.ts";
import { handClock } from "./hand-clock.ts";

/** No process has this id: nothing can be told of it. */
const nobody = -1;

/** A run in the process `pid`, by a clock of its own; it yields at the first try, or at a later one. */
function watched(pid: number, { warm = true, refusals = 0 } = {}) {
  const { clock, advance } = handClock();
  let asked = 0;
  const yieldProcessor = (): boolean => {
    asked += 1;
    return asked > refusals;
  };
  const stop = watchProcessor({ pid, yieldProcessor }, { clock, warm });
  return { advance, stop, asked: () => asked };
}

/** Uses the processor, in this process, for so long. */
function compute(ms: number): void {
  const from = process.cpuUsage();
  for (;;) {
    const { user, system } = process.cpuUsage(from);
    if (user + system > ms * 1_000) return;
  }
}

describe.runIf(existsSync("/proc/self/stat"))("a run by what it uses", () => {
  it("yields when it computed for longer than its budget", () => {
    const { advance, asked } = watched(process.pid);
    compute(90);
    advance(50);
    expect(asked()).toBe(1);
  });

  it("does not where it waits", () => {
    const { advance, asked } = watched(process.pid);
    for (let i = 0; i < 100; i += 1) advance(1_000);
    expect(asked()).toBe(0);
  });

  it("has time to load its adaptors where its child is not warm", () => {
    const { advance, asked } = watched(process.pid, { warm: false });
    compute(90);
    advance(50);
    expect(asked()).toBe(0);
    compute(220);
    for (let i = 0; i < 10; i += 1) advance(25);
    expect(asked()).toBe(1);
  });

  it("may use a tenth of a processor as it goes on", () => {
    const { advance, asked } = watched(process.pid);
    advance(50);
    for (let i = 0; i < 20; i += 1) advance(1_000);
    compute(90);
    for (let i = 0; i < 20; i += 1) advance(1_000);
    expect(asked()).toBe(0);
  });

  it("is told of in milliseconds", () => {
    const before = cpuTimeMs(process.pid) ?? Number.NaN;
    compute(100);
    const used = (cpuTimeMs(process.pid) ?? Number.NaN) - before;
    expect(used).toBeGreaterThanOrEqual(80);
    expect(used).toBeLessThan(1_000);
  });
});

describe("a run by its time, where what it uses cannot be told", () => {
  it("yields after its budget, and once", () => {
    const { advance, asked } = watched(nobody);
    advance(50);
    expect(asked()).toBe(0);
    for (let i = 0; i < 10; i += 1) advance(25);
    expect(asked()).toBe(1);
  });

  it("is asked again where it could not yet", () => {
    const { advance, asked } = watched(nobody, { refusals: 2 });
    for (let i = 0; i < 20; i += 1) advance(50);
    expect(asked()).toBe(3);
  });

  it("is left alone when it is over", () => {
    const { advance, stop, asked } = watched(nobody);
    stop();
    for (let i = 0; i < 10; i += 1) advance(50);
    expect(asked()).toBe(0);
  });
});
