import { expect, test } from "vitest";
import { lightning, socketWorker } from "./socket-worker.ts";

const quick = { messageTimeoutMs: 5_000, retryMaxMs: 100 };

test("an answer larger than Lightning itself sends is read, up to 64 MB", async () => {
  const server = await lightning();
  await server.post("/faults", { kind: "event-padded", event: "fetch:plan", bytes: 60_000_000 });
  const worker = await socketWorker(server, "*:1", quick);
  const [run = ""] = await server.runs(1);
  expect(await server.ended([run])).toEqual(["success"]);
  expect(worker.logs.filter((line) => line.includes("no socket"))).toEqual([]);
});

test("one over 64 MB costs its socket; after three of them its run ends, and those beside it run", async () => {
  const server = await lightning();
  const [bad = "", ...beside] = await server.runs(3);
  const padded = { kind: "event-padded", event: "fetch:plan", run_id: bad };
  await server.post("/faults", { ...padded, bytes: 65_000_000, times: 10 });
  const worker = await socketWorker(server, "*:3 fast_lane:1", quick);
  expect(await server.ended([bad])).toEqual(["exception"]);
  expect(server.ledger.runs.get(bad)?.errorType).toBe("PlanError");
  expect(worker.logs.filter((line) => line.includes("no socket"))).toHaveLength(3);
  expect(await server.ended(beside)).toEqual(["success", "success"]);
  const good = await server.runs(3, { queue: "fast_lane" });
  expect(await server.ended(good)).toEqual(["success", "success", "success"]);
  expect(server.ledger.violations.first).toEqual([]);
});
