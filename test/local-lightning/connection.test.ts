import { expect, test } from "vitest";
import { type Client, connect, workerToken } from "./client.ts";
import { secret, startDesk } from "./desk.ts";
import { claimRuns, takeRun } from "./work.ts";

const good = workerToken(secret);

test.each([
  ["401", workerToken("another secret"), "vsn=2.0.0"],
  ["401", "", "vsn=2.0.0"],
  ["403", good, "vsn=1.0.0"],
  ["403", good, ""],
])("an upgrade is refused with %s", async (status, token, query) => {
  const desk = await startDesk();
  await expect(connect(desk.url, token, query)).rejects.toThrow(status);
});

test("an upgrade elsewhere is refused with 404, and unknown parameters are fine", async () => {
  const desk = await startDesk();
  await expect(connect(`${desk.url}s`, good)).rejects.toThrow("404");
  const query = "vsn=2.0.0&api_version=9&worker_version=x&more=1";
  const client = await connect(desk.url, good, query);
  client.close();
});

test("a heartbeat is answered", async () => {
  const worker = await (await startDesk()).worker();
  worker.send({ ref: "h1", topic: "phoenix", event: "heartbeat" });
  const reply = await worker.frame(({ ref }) => ref === "h1");
  expect(reply).toEqual({
    ...{ joinRef: null, ref: "h1", topic: "phoenix", event: "phx_reply" },
    payload: { status: "ok", response: {} },
  });
});

test("a topic that was not joined is unmatched, and so is one that nobody knows", async () => {
  const worker = await (await startDesk()).worker();
  const unmatched = { status: "error", response: { reason: "unmatched topic" } };
  expect(await worker.push("worker:queue", "claim", { demand: 1, worker_name: null })).toEqual(
    unmatched,
  );
  expect(await worker.join("worker:other")).toEqual(unmatched);
  expect(await worker.join("run:nobody", { token: "x" })).toEqual({
    ...{ status: "error", response: { reason: "unauthorized" } },
  });
});

test("a second join closes the first channel and keeps the later", async () => {
  const desk = await startDesk();
  const worker = await desk.worker();
  await worker.join("worker:queue");
  await worker.join("worker:queue");
  const close = await worker.frame(({ event }) => event === "phx_close");
  expect(close).toMatchObject({ joinRef: "1", ref: "1", topic: "worker:queue" });
  await desk.run();
  expect(await claimRuns(worker)).toHaveLength(1);
  // The channel that was closed hears of no run: one wake-up, with the later join's ref.
  const wakeUps = worker.frames.filter(({ event }) => event === "work-available");
  expect(wakeUps.map(({ joinRef }) => joinRef)).toEqual(["2"]);
});

test("a leave is answered, then the channel closes, and hears no wake-up any more", async () => {
  const desk = await startDesk();
  const [worker, stays] = [await desk.worker(), await desk.worker()];
  await worker.join("worker:queue");
  await stays.join("worker:queue");
  expect((await worker.push("worker:queue", "phx_leave", {})).status).toBe("ok");
  await worker.frame(({ event }) => event === "phx_close");
  await desk.run();
  await stays.frame(({ event }) => event === "work-available");
  await worker.push("phoenix", "heartbeat", {});
  expect(worker.frames.map(({ event }) => event)).not.toContain("work-available");
});

test("the death of one channel leaves the others alone", async () => {
  const desk = await startDesk();
  const worker = await desk.worker();
  await worker.join("worker:queue");
  await desk.run();
  const topic = await takeRun(worker);
  worker.send({ joinRef: "1", ref: "x", topic: "worker:queue", event: "unknown" });
  const death = await worker.frame(({ event }) => event === "phx_error");
  expect(death).toMatchObject({ joinRef: "1", topic: "worker:queue" });
  expect((await worker.push(topic, "fetch:plan", {})).status).toBe("ok");
  expect((await worker.push("worker:queue", "claim", {})).status).toBe("error");
});

async function closeCode(act: (client: Client) => void): Promise<number> {
  const desk = await startDesk();
  const [bad, bystander] = [await desk.worker(), await desk.worker()];
  await bystander.join("worker:queue");
  act(bad);
  const code = await bad.closed;
  expect((await bystander.push("phoenix", "heartbeat", {})).status).toBe("ok");
  return code;
}

test.each([
  ["no JSON", "hello"],
  ["no array", "{}"],
  ["four parts", '["1","1","worker:queue","claim"]'],
  ["a number as topic", '["1","1",7,"claim",{}]'],
  ["an unknown binary kind", Buffer.from([9])],
  ["a binary frame cut short", Buffer.from([0, 200, 0, 0, 0])],
])("%s closes that socket and no other", async (_, data) => {
  expect(await closeCode(({ ws }) => ws.send(data))).toBe(1011);
});

test("a frame over 11,000,000 bytes closes that socket and no other", async () => {
  expect(await closeCode(({ ws }) => ws.send("x".repeat(11_000_001)))).toBe(1009);
});

test("a binary push is no object, so it kills the channel and not the server", async () => {
  const desk = await startDesk();
  const worker = await desk.worker();
  await worker.join("worker:queue");
  worker.send({
    joinRef: "1",
    ref: "b",
    topic: "worker:queue",
    event: "claim",
    payload: Buffer.from("x"),
  });
  await worker.frame(({ event }) => event === "phx_error");
  expect((await worker.join("worker:queue")).status).toBe("ok");
});

test("a socket that says nothing is closed", async () => {
  const desk = await startDesk({ idleTimeoutMs: 20 });
  const worker = await desk.worker();
  expect(await worker.closed).toBe(1000);
});

test("several workers share the runs, each run going to one", async () => {
  const desk = await startDesk();
  const workers = await Promise.all(["a", "b", "c"].map((worker_id) => desk.worker({ worker_id })));
  for (const worker of workers) await worker.join("worker:queue");
  const runs = Array.from({ length: 30 }, () => ({ body: "x" }));
  const { body } = await desk.post("/runs", runs);
  const made = (body as { id: string }[]).map(({ id }) => id);
  const claimed = await Promise.all(workers.map((worker) => claimRuns(worker, { demand: 12 })));
  const ids = claimed.flat().map(({ id }) => id);
  expect(ids.toSorted()).toEqual(made.toSorted());
});

test("large frames are compressed both ways and arrive whole", async () => {
  const desk = await startDesk();
  const worker = await desk.worker();
  expect(worker.ws.extensions).toContain("permessage-deflate");
  await worker.join("worker:queue");
  const text = "all work and no play ".repeat(10_000);
  const id = await desk.run({ input: { text } });
  const topic = await takeRun(worker);
  const { response } = await worker.push(topic, "fetch:dataclip", {});
  expect(JSON.parse(Buffer.from(response as Uint8Array).toString())).toEqual({ text });
  await worker.push(topic, "run:complete", { reason: "success", final_state: { text } });
  expect(desk.ledger.runs.get(id)?.finalState).toEqual({ text });
});
