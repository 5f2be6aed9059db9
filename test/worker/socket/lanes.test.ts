import type { Ports } from "@workloops/worker/ports";
import { expect, test } from "vitest";
import { lightning, socketWorker } from "./socket-worker.ts";

/** Jobs that take until they are let go. */
function heldEngine() {
  const running: { lane: string; finish: () => void }[] = [];
  let most = 0;
  const engine: Ports["engine"] = {
    execute(_plan, _input, _options, lane, onEvent) {
      let end: () => void = () => {};
      const ended = new Promise<void>((resolve) => {
        end = resolve;
      });
      void onEvent({ type: "workflow-start", time: Date.now(), versions: {} });
      const run = {
        lane,
        finish: () => {
          running.splice(running.indexOf(run), 1);
          void onEvent({ type: "workflow-complete", time: Date.now(), durationMs: 0 });
          end();
        },
      };
      running.push(run);
      most = Math.max(most, running.length);
      return { ended, kill: run.finish };
    },
  };
  return { engine, running, most: () => most };
}

test("full general slots leave the fast lane free, and no lane goes over its capacity", async () => {
  const server = await lightning();
  const { engine, running, most } = heldEngine();
  const worker = await socketWorker(server, "fast_lane:1 manual>*:4", {}, engine);
  await server.runs(8, { queue: "default" });
  await worker.until(({ lanes }) => lanes[1]?.active === 4 && running.length === 4);
  const [fast = ""] = await server.runs(1, { queue: "fast_lane" });
  await worker.until(() => running.some(({ lane }) => lane === "fast_lane"));
  running.find(({ lane }) => lane === "fast_lane")?.finish();
  expect(await server.ended([fast])).toEqual(["success"]);
  expect(worker.look().lanes[1]).toMatchObject({ active: 4, free: 0 });
  expect(most()).toBe(5);
});

test("idle slots are filled in one round trip", async () => {
  const server = await lightning({ wakeUps: false });
  const ids = await server.runs(20);
  const { engine, running } = heldEngine();
  const worker = await socketWorker(server, "*:20", {}, engine);
  await worker.until(() => running.length === 20);
  expect(worker.logs.filter((line) => line.startsWith("debug claims"))).toEqual([
    "debug claims at most 20",
  ]);
  for (const run of [...running]) run.finish();
  expect(await server.ended(ids)).toEqual(ids.map(() => "success"));
});

test("two workers with different lanes share the work; each run ends once", async () => {
  const server = await lightning();
  await socketWorker(server, "fast_lane:2");
  await socketWorker(server, "manual>*:8");
  const ids = (
    await Promise.all(["fast_lane", "manual", "default"].map((queue) => server.runs(30, { queue })))
  ).flat();
  expect(await server.ended(ids)).toEqual(ids.map(() => "success"));
  expect(server.ledger.violations.first).toEqual([]);
  const chains = new Set(ids.map((id) => server.ledger.runs.get(id)?.chain));
  expect([...chains].sort()).toEqual(["fast_lane", "manual>*"]);
  expect(ids.filter((id) => server.ledger.runs.get(id)?.ends.length !== 1)).toEqual([]);
});

test("a drain lets the held run finish, then stops with nothing left", async () => {
  const server = await lightning();
  const { engine, running } = heldEngine();
  const worker = await socketWorker(server, "*:1", {}, engine);
  const [run = "", waits = ""] = await server.runs(2);
  await worker.until(() => running.length === 1);
  worker.driver.drain(10_000);
  running[0]?.finish();
  expect(await worker.driver.stopped).toEqual([]);
  expect(await server.ended([run])).toEqual(["success"]);
  expect(server.ledger.runs.get(waits)?.state).toBe("available");
});
