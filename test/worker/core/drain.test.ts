import { describe, expect, test } from "vitest";
import { ScriptedWorker } from "./scripted-worker.ts";

const stopped = (worker: ScriptedWorker) =>
  worker.effects.filter((effect) => effect.type === "stopped");

describe("a drain", () => {
  test("with nothing held ends at once, and leaves the queue", () => {
    const worker = new ScriptedWorker("*:1").start().join();
    worker.grant("*");
    worker.tell({ type: "drain", withinMs: 1_000 });
    expect(stopped(worker)).toEqual([{ type: "stopped", left: [] }]);
    expect(worker.sent("phx_leave", "worker:queue")).toHaveLength(1);
    expect(worker.effects.some((effect) => effect.type === "close-socket")).toBe(true);
  });

  test("before the first connection ends at once", () => {
    const worker = new ScriptedWorker("*:1").start();
    worker.tell({ type: "drain", withinMs: 1_000 });
    expect(stopped(worker)).toHaveLength(1);
  });

  test("waits for an open claim, runs what it brings, and claims no more", () => {
    const worker = new ScriptedWorker("*:2").start().join();
    worker.tell({ type: "drain", withinMs: 60_000 });
    expect(stopped(worker)).toEqual([]);
    worker.grant("*", "a");
    worker.execute("a");
    worker.finish("a");
    expect(worker.claims()).toHaveLength(1);
    expect(worker.sent("run:complete")).toHaveLength(1);
    expect(stopped(worker)).toEqual([{ type: "stopped", left: [] }]);
  });

  test("that ends in a short sleep reads first what the open claim has brought", () => {
    const worker = new ScriptedWorker("*:1").start().join();
    worker.tell({ type: "drain", withinMs: 500 });
    worker.sleep(1_000);
    expect(stopped(worker)).toEqual([]);
    worker.grant("*", "a");
    worker.pass(300);
    expect(worker.state.runs.get("a")?.verdict?.type).toBe("WorkerStopped");
  });

  test("leaves what a dead worker held to the next one", () => {
    const worker = new ScriptedWorker("*:1").start().join();
    worker.grant("*", "a");
    worker.tell({ type: "drain", withinMs: 10_000 });
    const runs = [{ id: "b", token: "b", chain: "*", started: false, end: undefined }];
    expect(worker.tell({ type: "inherited", runs })).toEqual([]);
  });

  test("goes on over a reconnect until everything is reported", () => {
    const worker = new ScriptedWorker("*:1").start().join();
    worker.grant("*", "a");
    worker.execute("a");
    worker.tell({ type: "drain", withinMs: 60_000 });
    worker.close();
    worker.pass(5_000);
    worker.open();
    worker.reply(worker.lastSent("phx_join", "run:a"), "ok", {});
    worker.finish("a");
    expect(stopped(worker)).toHaveLength(1);
  });

  test("at its deadline kills what runs and reports it; what does not answer is named", () => {
    const worker = new ScriptedWorker("*:2").start().join();
    worker.grant("*", "a", "b");
    worker.execute("a");
    worker.execute("b");
    worker.tell({ type: "drain", withinMs: 10_000 });
    worker.pass(10_000);
    const kills = worker.effects.filter((effect) => effect.type === "kill");
    expect(kills.map((kill) => kill.run)).toEqual(["a", "b"]);
    const { error } = kills[0] ?? {};
    if (error === undefined) throw new Error("nothing was killed");
    worker.tell({
      type: "run-event",
      run: "a",
      event: { type: "workflow-error", time: 0, durationMs: 0, error },
    });
    worker.tell({ type: "run-ended", run: "a" });
    worker.answerEvents("a");
    expect(worker.lastSent("run:complete", "run:a").payload).toMatchObject({
      reason: "exception",
      error_type: "WorkerStopped",
    });
    worker.pass(1_000);
    expect(stopped(worker)).toEqual([{ type: "stopped", left: ["b"] }]);
  });

  test("a second signal ends at once and names what is lost", () => {
    const worker = new ScriptedWorker("*:1").start().join();
    worker.grant("*", "a", "b");
    worker.tell({ type: "drain", withinMs: 10_000 });
    worker.tell({ type: "stop" });
    expect(stopped(worker)).toEqual([{ type: "stopped", left: ["a", "b"] }]);
    expect(worker.tell({ type: "tick" })).toEqual([]);
  });
});

describe("what an earlier process left", () => {
  test("is executed where it had not begun, and ended where it had", () => {
    const worker = new ScriptedWorker("a:1 *:1");
    worker.tell({
      type: "start",
      recovered: [
        { id: "fresh", token: "t", chain: "*", started: false, end: undefined },
        { id: "begun", token: "t", chain: "a", started: true, end: undefined },
      ],
    });
    worker.join();
    expect(worker.lane("*").active).toBe(1);
    worker.tell({
      type: "token-checked",
      run: "begun",
      verdict: { ok: true, value: { expiresAt: undefined } },
    });
    worker.reply(worker.lastSent("phx_join", "run:begun"), "ok", {});
    worker.answerEvents("begun");
    expect(worker.lastSent("run:complete").payload).toMatchObject({
      reason: "crash",
      error_type: "WorkerDied",
    });
    worker.execute("fresh");
    worker.finish("fresh");
    expect(worker.sent("run:complete")).toHaveLength(2);
  });
});
