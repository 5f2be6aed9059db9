import type { Effect, RunEvent, WorkerEvent } from "@workloops/worker/core";
import { createDriver } from "@workloops/worker/driver";
import { noJournal, type Ports, type SocketEvent } from "@workloops/worker/ports";
import { type Frame, phoenix } from "@workloops/worker/protocol";
import { expect, test } from "vitest";
import { settingsOf } from "./core/scripted-worker.ts";

/** A world in memory: a clock that is moved by hand, and a server that is a function. */
function world(answer: (frame: Frame) => unknown) {
  let now = 0;
  const alarms = new Map<number, { at: number; wake: () => void }>();
  let alarmCount = 0;
  let listener: (event: SocketEvent) => void = () => {};
  let say: (event: RunEvent) => void | Promise<void> = () => {};
  let end: () => void = () => {};
  const ports: Ports = {
    clock: {
      now: () => now,
      wall: () => 1_700_000_000_000 + now,
      wakeAt: (at, wake) => {
        const id = alarmCount;
        alarmCount += 1;
        alarms.set(id, { at, wake });
        return () => alarms.delete(id);
      },
    },
    transport: {
      open: (hear) => {
        listener = hear;
        return {
          // Answers within `send`: what that causes has to wait for the effects before it.
          send: (frame) => {
            const response = answer(frame);
            if (response === undefined) return;
            const payload = { status: "ok", response };
            listener({ type: "frame", frame: { ...frame, event: phoenix.reply, payload } });
          },
          close: () => {},
        };
      },
    },
    tokens: { check: async () => ({ ok: true, value: { expiresAt: undefined } }) },
    journal: noJournal,
    engine: {
      execute: (_plan, _input, _options, _lane, onEvent) => {
        say = onEvent;
        return {
          ended: new Promise((resolve) => {
            end = resolve;
          }),
          kill: () => {},
        };
      },
    },
    log: () => {},
    observe: () => {},
  };
  return {
    ports,
    alarms,
    open: () => listener({ type: "open" }),
    answer: (frame: Frame) =>
      listener({
        type: "frame",
        frame: { ...frame, event: phoenix.reply, payload: { status: "ok", response: {} } },
      }),
    say: (event: RunEvent) => say(event),
    end: () => end(),
    pass: (ms: number) => {
      now += ms;
      for (const [id, { at, wake }] of alarms) {
        if (at > now) continue;
        alarms.delete(id);
        wake();
      }
    },
  };
}

/** Lets everything that waits for nothing but its turn go on. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

const plan = { jobs: [{ id: "a", body: "x" }], edges: [] };

test("events are taken one after the other, each with all its effects done", () => {
  const seen: (readonly [string, number])[] = [];
  let depth = 0;
  const { ports, open } = world((frame) => {
    depth += 1;
    expect(depth).toBe(1);
    depth -= 1;
    return frame.event === "claim" ? { runs: [] } : {};
  });
  const trace = (event: WorkerEvent, effects: readonly Effect[]) =>
    seen.push([event.type, effects.filter((effect) => effect.type === "send").length]);
  const driver = createDriver(settingsOf("a:1 b:1"), [1, 2, 3, 4], ports, trace);
  driver.start();
  open();
  expect(seen).toEqual([
    ["start", 0],
    ["socket-open", 1],
    ["socket-frame", 2],
    ["socket-frame", 0],
    ["socket-frame", 0],
  ]);
});

test("one alarm at most is set, and none is left when the worker has stopped", async () => {
  const { ports, open, alarms, pass } = world(() => ({ runs: [] }));
  const driver = createDriver(settingsOf("*:1"), [1, 2, 3, 4], ports);
  driver.start();
  open();
  for (let second = 0; second < 30; second += 1) {
    pass(1_000);
    expect(alarms.size).toBe(1);
  }
  driver.stop();
  expect(await driver.stopped).toEqual([]);
  expect(alarms.size).toBe(0);
});

test("an engine that says more than the server takes is held, and let go when it has been taken", async () => {
  let open: Frame | undefined;
  const server = world((frame) => {
    if (frame.event === "claim") return { runs: [{ id: "r", token: "t" }] };
    if (frame.event === "fetch:plan") return plan;
    if (!frame.event.startsWith("run:")) return {};
    open = frame;
    return undefined;
  });
  const driver = createDriver(settingsOf("*:1"), [1, 2, 3, 4], server.ports);
  driver.start();
  server.open();
  await settle();
  const line: RunEvent = { type: "log", time: 1, level: "info", source: "JOB", message: ["m"] };
  const holds: Promise<void>[] = [];
  for (let n = 0; n < 520; n += 1) {
    const hold = server.say(line);
    if (hold !== undefined) holds.push(hold);
  }
  expect(holds.length).toBeGreaterThan(1);
  let released = false;
  void Promise.all(holds).then(() => {
    released = true;
  });
  await settle();
  expect(released).toBe(false);
  const listenAndAnswer = (): void => {
    const frame = open;
    open = undefined;
    if (frame !== undefined) server.answer(frame);
  };
  for (let n = 0; n < 40; n += 1) listenAndAnswer();
  await settle();
  expect(released).toBe(true);
});
