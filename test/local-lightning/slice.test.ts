import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { startDesk } from "./desk.ts";

test("a run goes from POST /runs through a worker's socket to its end", async () => {
  const desk = await startDesk();
  const worker = await desk.worker();
  expect(await worker.join("worker:queue", { capacity: 1, queues: { "manual>*": 1 } })).toEqual({
    status: "ok",
    response: {},
  });
  const id = await desk.run({ queue: "fast_lane", input: { a: 1 } });
  await worker.frame(({ event }) => event === "work-available");

  const claim = await worker.push("worker:queue", "claim", {
    demand: 1,
    worker_name: "desk",
    queues: ["manual", "*"],
  });
  const { runs } = claim.response as { runs: { id: string; token: string }[] };
  expect(runs.map((run) => run.id)).toEqual([id]);

  const topic = `run:${id}`;
  expect(await worker.join(topic, { token: runs[0]?.token })).toEqual({
    status: "ok",
    response: {},
  });
  const plan = await worker.push(topic, "fetch:plan", {});
  const { jobs, dataclip_id } = plan.response as { jobs: { id: string }[]; dataclip_id: string };
  const dataclip = await worker.push(topic, "fetch:dataclip", { id: dataclip_id });
  expect(Buffer.from(dataclip.response as Uint8Array).toString()).toBe('{"a":1}');

  const stepId = randomUUID();
  const outputId = randomUUID();
  const timestamp = "1790000000000001";
  const events: [string, object][] = [
    ["run:start", { timestamp, versions: {} }],
    [
      "step:start",
      { step_id: stepId, job_id: jobs[0]?.id, input_dataclip_id: dataclip_id, timestamp },
    ],
    [
      "run:log",
      {
        run_id: id,
        message: ["hi", { a: 1 }],
        source: "JOB",
        level: "info",
        step_id: stepId,
        timestamp,
      },
    ],
    [
      "step:complete",
      {
        step_id: stepId,
        reason: "success",
        output_dataclip_id: outputId,
        output_dataclip: '{"b":2}',
        timestamp,
      },
    ],
    [
      "run:complete",
      { reason: "success", final_state: { b: 2 }, final_dataclip_id: outputId, timestamp },
    ],
  ];
  for (const [event, payload] of events)
    expect([event, (await worker.push(topic, event, payload)).status]).toEqual([event, "ok"]);

  const { body } = await desk.get(`/runs/${id}`);
  expect(body).toMatchObject({
    id,
    queue: "fast_lane",
    state: "success",
    worker_name: "desk",
    started_at: 1790000000000001,
    reason: "success",
    final_state: { b: 2 },
    steps: [{ id: stepId, output: { b: 2 }, reason: "success" }],
    logs: [{ message: 'hi {"a":1}', source: "JOB" }],
    ends: [{ state: "success" }],
  });
  expect(desk.ledger.violations.total).toBe(0);
});
