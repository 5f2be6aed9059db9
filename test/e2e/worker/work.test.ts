import { describe, expect, test } from "vitest";
import { lightning, workerFor } from "./bundle.ts";

const job = (text: string) => `export default [${text}];`;
const slow = job("(state) => new Promise((done) => setTimeout(() => done(state), 60000))");
/** Ends when the test has seen it: it waits for a file that never comes, or its short time. */
const brief = job("(state) => new Promise((done) => setTimeout(() => done(state), 1500))");

test("a job runs in a child process and its state, logs and end reach the server", async () => {
  const server = await lightning();
  const worker = workerFor(server, []);
  const [id = ""] = await server.runs(1, {
    body: job("(state) => { console.log('hello'); return { data: { sum: state.data.x + 1 } }; }"),
    input: { data: { x: 1 } },
  });
  await worker.said(/ended: success/);
  const run = await server.ended(id);
  expect(run).toMatchObject({ state: "success", final_state: { data: { sum: 2 } } });
  expect(run.logs).toContainEqual(expect.objectContaining({ source: "JOB", message: "hello" }));
  expect(server.ledger.violations.first).toEqual([]);
});

test("while slow runs fill the general slots, the fast lane answers", async () => {
  const server = await lightning();
  const worker = workerFor(server, ["--workloops", "fast_lane:1 manual>*:2", "--ops-token", "t"]);
  const [, port] = await worker.said(/status on port (\d+)/);
  await server.runs(4, { queue: "default", body: slow });
  await worker.said(/claimed[\s\S]*claimed/);
  const [fast = ""] = await server.runs(1, { queue: "fast_lane", body: job("(state) => state") });
  expect(await server.ended(fast)).toMatchObject({ state: "success" });
  const response = await fetch(`http://127.0.0.1:${port}/status`, {
    headers: { authorization: "Bearer t" },
  });
  expect(await response.json()).toMatchObject({
    lanes: [
      { chain: "fast_lane", capacity: 1, active: 0 },
      { chain: "manual>*", capacity: 2, active: 2 },
    ],
  });
});

describe("SIGTERM", () => {
  test("claims no more, lets the held run finish, and ends with 0", async () => {
    const server = await lightning();
    const worker = workerFor(server, ["--capacity", "1"]);
    const [held = "", waits = ""] = await server.runs(2, { body: brief });
    await worker.said(/claimed/);
    worker.signal("SIGTERM");
    expect(await worker.ended).toBe(0);
    expect(server.ledger.runs.get(held)?.state).toBe("success");
    expect(server.ledger.runs.get(waits)?.state).toBe("available");
  });

  test("at the drain deadline ends what is left, reports it, and is gone", async () => {
    const server = await lightning();
    const worker = workerFor(server, ["--capacity", "1", "--drain-timeout", "0.3"]);
    const [id = ""] = await server.runs(1, { body: slow });
    await worker.said(/claimed/);
    worker.signal("SIGTERM");
    expect(await worker.ended).toBe(0);
    expect(server.ledger.runs.get(id)).toMatchObject({
      state: "exception",
      errorType: "WorkerStopped",
    });
    expect(worker.printed()).toContain(id);
  });

  test("twice ends at once, and names what is lost", async () => {
    const server = await lightning();
    const worker = workerFor(server, ["--capacity", "1"]);
    const [id = ""] = await server.runs(1, { body: slow });
    await worker.said(/claimed/);
    worker.signal("SIGTERM");
    await worker.said(/draining/);
    worker.signal("SIGTERM");
    expect(await worker.ended).toBe(1);
    expect(worker.printed()).toMatch(new RegExp(`${id}.*stopped with 1 runs not finished`));
  });
});
