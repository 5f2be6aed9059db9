import { QUEUE_TOPIC } from "@workloops/worker/protocol";
import { describe, expect, test } from "vitest";
import { ScriptedWorker } from "./scripted-worker.ts";

const opened = (worker: ScriptedWorker) =>
  worker.effects.filter((effect) => effect.type === "open-socket").length;

describe("the socket", () => {
  test("is opened again after a wait that grows, is capped, and differs each time", () => {
    const worker = new ScriptedWorker("*:1").start();
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 30; attempt += 1) {
      worker.close("refused");
      const { socket } = worker.state.connection;
      const wait = socket.mode === "waiting" ? socket.until - worker.now : Number.NaN;
      waits.push(wait);
      worker.pass(wait);
      expect(opened(worker)).toBe(attempt + 1);
    }
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(50);
    expect(Math.max(...waits)).toBeLessThanOrEqual(5_000);
    expect(Math.max(...waits)).toBeGreaterThan(2_000);
    expect(new Set(waits).size).toBe(waits.length);
  });

  test("that does not open in 10 s is given up", () => {
    const worker = new ScriptedWorker("*:1").start();
    worker.pass(10_000);
    expect(worker.effects).toContainEqual({ type: "close-socket", socket: 1 });
    worker.pass(5_000);
    expect(opened(worker)).toBe(2);
  });

  test("that went silent is noticed within two heartbeats", () => {
    const worker = new ScriptedWorker("*:1").start().join();
    worker.answersHeartbeats = false;
    worker.pass(60_000);
    expect(worker.logs()).toContain("no socket to Lightning: its heartbeat was not answered");
  });

  test("whose heartbeats are answered stays", () => {
    const worker = new ScriptedWorker("*:1").start().join();
    worker.pass(600_000);
    expect(opened(worker)).toBe(1);
    expect(worker.sent("heartbeat")).toHaveLength(20);
  });

  test("what a socket says after it was given up is ignored", () => {
    const worker = new ScriptedWorker("*:1").start().join();
    worker.close();
    worker.pass(5_000);
    worker.tell({ type: "socket-closed", socket: 1, reason: "again" });
    worker.join();
    const before = { ...worker.state };
    worker.tell({ type: "socket-frame", socket: 1, frame: worker.lastSent("phx_join") });
    worker.tell({ type: "socket-open", socket: 1 });
    expect(worker.state).toEqual(before);
  });

  test("a process that slept for a minute reads first, and judges then", () => {
    const worker = new ScriptedWorker("*:1").start().join();
    worker.grant("*", "a");
    worker.pass(31_000);
    worker.sleep(60_000);
    expect(worker.state.connection.socket.mode).toBe("open");
    expect(worker.logs()).toContain("the worker was not scheduled in time");
    worker.pass(200);
    expect(worker.sent("heartbeat")).toHaveLength(2);
    expect(opened(worker)).toBe(1);
  });
});

describe("the queue's channel", () => {
  test("is joined again where the join is refused or not answered", () => {
    const worker = new ScriptedWorker("*:1").start();
    worker.open();
    const joins = () => worker.sent("phx_join", QUEUE_TOPIC).length;
    worker.reply(worker.lastSent("phx_join"), "error", { reason: "unauthorized" });
    expect(worker.logs()).toContain("cannot join the queue: unauthorized");
    worker.pass(500);
    expect(joins()).toBe(2);
    worker.pass(16_000);
    expect(joins()).toBe(3);
    expect(worker.sent("phx_leave", QUEUE_TOPIC)).toHaveLength(1);
    worker.reply(worker.lastSent("phx_join"), "ok", {});
    expect(worker.claims()).toHaveLength(1);
  });

  test("that crashes loses its claims and is joined again; runs stay", () => {
    const worker = new ScriptedWorker("a:1 b:1").start().join();
    worker.grant("a", "run");
    worker.push(QUEUE_TOPIC, "phx_error");
    expect(worker.lane("b")).toMatchObject({ claim: undefined, last: { outcome: "lost" } });
    expect(worker.lane("a").active).toBe(1);
    worker.pass(1_000);
    worker.reply(worker.lastSent("phx_join", QUEUE_TOPIC), "ok", {});
    expect(worker.claims("b")).toHaveLength(2);
  });

  test("an end of a channel that we left already is ignored", () => {
    const worker = new ScriptedWorker("*:1").start().join();
    worker.receive({
      joinRef: "999",
      ref: null,
      topic: QUEUE_TOPIC,
      event: "phx_close",
      payload: {},
    });
    expect(worker.lane("*").claim).toBeDefined();
  });
});

test("the same seed and events give the same history", () => {
  const play = () => {
    const worker = new ScriptedWorker("a:1 *:2").start().join();
    worker.grant("a");
    worker.grant("*", "x");
    worker.execute("x");
    worker.tell({
      type: "run-event",
      run: "x",
      event: { type: "step-start", time: 1, stepId: "a", visit: 1 },
    });
    worker.close();
    worker.pass(30_000);
    return JSON.stringify(worker.effects);
  };
  expect(play()).toBe(play());
});

test("an event that cannot come throws", () => {
  const worker = new ScriptedWorker("*:1").start();
  expect(() => worker.start()).toThrow("a worker that is working cannot start");
  expect(() => worker.tell({ type: "run-ended", run: "x" })).toThrow(
    "run-ended for x, which is no run of this worker",
  );
});

test("replies that cannot be read are told once a minute, with how many there were", () => {
  const worker = new ScriptedWorker("*:1").start().join();
  const nonsense = (times: number) => {
    for (let n = 0; n < times; n += 1) {
      const frame = { joinRef: "1", ref: "1", topic: QUEUE_TOPIC, event: "phx_reply" };
      worker.receive({ ...frame, payload: { status: n } });
    }
  };
  const told = () =>
    worker.effects.flatMap((effect) =>
      effect.type === "log" && effect.message.startsWith("ignored") ? [effect.fields] : [],
    );
  nonsense(1_000);
  expect(told()).toEqual([{ topic: QUEUE_TOPIC, untold_before: 0 }]);
  worker.pass(59_000);
  nonsense(1);
  expect(told()).toHaveLength(1);
  worker.pass(1_000);
  nonsense(500);
  expect(told().slice(1)).toEqual([{ topic: QUEUE_TOPIC, untold_before: 1_000 }]);
});
