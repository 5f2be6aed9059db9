import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findChild } from "../../packages/engine/src/pool/find-child.ts";
import { engineForTests, execute, fn, oneStep } from "./execute.ts";

const engine = await engineForTests();

describe("a run", () => {
  it("says its events once and in order", async () => {
    const { events, steps, end } = await execute(
      engine,
      oneStep(`${fn}fn((s) => { console.log("hi", s.data); return { ...s, done: 1 }; });`),
      '{"data":{"a":1}}',
    );
    const kinds = events.filter((e) => e.type !== "log" || e.source === "JOB").map((e) => e.type);
    expect(kinds).toEqual([
      "workflow-start",
      "step-start",
      "log",
      "step-complete",
      "workflow-complete",
    ]);
    const step = steps[0];
    expect(step).toMatchObject({ stepId: "j", visit: 0, next: [] });
    expect(step?.memory.job).toBeGreaterThan(1_000_000);
    expect(step?.memory.system).toBeGreaterThan(step?.memory.job ?? Number.NaN);
    // Whole milliseconds of the child, inside those of the run.
    expect(step?.durationMs).toBeGreaterThanOrEqual(0);
    expect(end.durationMs).toBeGreaterThanOrEqual(step?.durationMs ?? Number.NaN);
    expect([...events].sort((a, b) => a.time - b.time)).toEqual(events);
    expect(steps[0]?.output).toBe('{"data":{"a":1},"done":1}');
    expect(end).toMatchObject({ finalState: '{"data":{"a":1},"done":1}' });
    expect(end).not.toHaveProperty("error");
  });

  it("names what executes it", async () => {
    const { events } = await execute(engine, oneStep(""));
    expect(events[0]).toMatchObject({
      versions: { node: process.versions.node, runtime: "1.9.5", engine: "0.1.0" },
    });
  });

  it("fails by its failing leaf", async () => {
    const { end, steps } = await execute(
      engine,
      oneStep(`${fn}fn(() => { throw new Error("no"); });`),
    );
    const error = { reason: "fail", type: "JobError", message: "no" };
    expect(steps).toMatchObject([{ error }]);
    expect(end).toMatchObject({ type: "workflow-complete", error });
  });

  it("crashes before its first step where any job does not compile", async () => {
    const { end, steps } = await execute(engine, {
      id: "run",
      steps: [
        { id: "a", expression: `${fn}fn((s) => s);` },
        { id: "b", name: "B", expression: "fn(" },
      ],
    });
    expect(steps).toEqual([]);
    expect(end).toMatchObject({
      error: { reason: "crash", type: "CompileError", message: "B: Unexpected token (1:3)" },
    });
  });

  it("does not begin with input that is not JSON", async () => {
    const { events, end } = await execute(engine, oneStep(`${fn}fn((s) => s);`), "{");
    expect(events).toHaveLength(1);
    expect(end).toMatchObject({ error: { reason: "exception", type: "DataClipError" } });
  });

  it("ends at its timeout in a blocked event loop, its open step first", async () => {
    const { end, steps, events } = await execute(
      engine,
      oneStep(`${fn}fn(() => { for (;;); });`),
      "{}",
      { timeoutMs: 2_000 },
    );
    const error = { reason: "kill", type: "TimeoutError" };
    expect(steps).toMatchObject([{ stepId: "j", output: "{}", error }]);
    expect(end).toMatchObject({ type: "workflow-error", stepId: "j", error });
    expect(events.at(-2)).toBe(steps[0]);
  });

  it("can be killed with a cause", async () => {
    const cause = { reason: "kill", type: "Lost", message: "the server says so" } as const;
    const run = engine.execute(
      oneStep(`${fn}fn(() => new Promise(() => {}));`),
      "{}",
      {},
      "manual",
      (event) => {
        if (event.type === "step-start") run.kill(cause);
        if (event.type === "workflow-error") expect(event.error).toEqual(cause);
      },
    );
    await run.ended;
    expect.assertions(1);
  });

  it("holds the child back while the listener is busy, and loses nothing", async () => {
    const messages: unknown[] = [];
    const times: number[] = [];
    let release = (): void => undefined;
    const busy = new Promise<void>((resolve) => {
      release = resolve;
    });
    const body = 'for (let i = 0; i < 3000; i += 1) console.log(i, "x".repeat(500)); return s;';
    const run = engine.execute(
      oneStep(`${fn}fn((s) => { ${body} });`),
      "{}",
      {},
      "manual",
      async (event) => {
        if (event.type !== "log" || event.source !== "JOB") return;
        messages.push(event.message[0]);
        times.push(event.time);
        await busy;
      },
    );
    await expect.poll(() => messages.length).toBe(1);
    // A whole run of its neighbour passes meanwhile; 1.5 MB fit into no pipe.
    await execute(engine, oneStep(`${fn}fn((s) => s);`));
    const released = Date.now();
    release();
    await run.ended;
    expect(messages).toEqual(Array.from({ length: 3000 }, (_, i) => i));
    expect(times[0]).toBeLessThanOrEqual(released);
    expect(times.at(-1)).toBeGreaterThanOrEqual(released);
  });

  it("needs nothing beside its program, with chains and imports of the runtime too", async () => {
    const folder = mkdtempSync(join(tmpdir(), "workloops-test-alone-"));
    const childPath = join(folder, "child.cjs");
    copyFileSync(findChild(), childPath);
    const alone = await engineForTests({ childPath });
    const job = `import { defer } from "@openfn/runtime";\n${fn}fn((s) => s).then(() => ({ t: typeof defer }));`;
    expect((await execute(alone, oneStep(job))).end).toMatchObject({
      finalState: '{"t":"function"}',
    });
    rmSync(folder, { recursive: true });
  });

  it("does not start where its folder cannot be said to Node", async () => {
    const folder = mkdtempSync(join(tmpdir(), "workloops-test-a,b-"));
    await expect(engineForTests({ repoDir: folder })).rejects.toThrow(/a path with a comma/);
    rmSync(folder, { recursive: true });
  });

  it("is refused above the capacity", async () => {
    const small = await engineForTests({ capacity: 1 });
    const first = small.execute(oneStep(""), "{}", {}, "manual", () => undefined);
    expect(() => small.execute(oneStep(""), "{}", {}, "manual", () => undefined)).toThrow(
      /1 runs are in progress/,
    );
    await first.ended;
  });
});
