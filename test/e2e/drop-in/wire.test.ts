import { expect, test } from "vitest";
import { claimsOf } from "./bare-lightning.ts";
import { bare, fn, isEnd, job, ofRun, worker } from "./scene.ts";

/** Two jobs behind a webhook, with an input and a credential that both jobs use. */
const twoJobs = {
  id: "run-1",
  project_id: "p",
  starting_node_id: "t",
  dataclip_id: "clip-1",
  triggers: [{ id: "t" }],
  jobs: [
    job(
      "a",
      `${fn}fn((s) => { console.log("user is", s.configuration.user); return { ...s, a: s.data.n + 1 }; });`,
      {
        credential_id: "cred",
      },
    ),
    job(
      "b",
      `${fn}fn((s) => ({ ...s, b: s.a * 2, webhookResponse: { status: 202, body: { b: 4 } } }));`,
      {
        credential_id: "cred",
      },
    ),
  ],
  edges: [
    {
      id: "e1",
      source_trigger_id: "t",
      source_job_id: null,
      target_job_id: "a",
      enabled: true,
      condition: "always",
    },
    {
      id: "e2",
      source_trigger_id: null,
      source_job_id: "a",
      target_job_id: "b",
      enabled: true,
      condition: "on_job_success",
    },
  ],
  options: { output_dataclips: true, run_timeout_ms: 60_000 },
  meta: { work_order_id: "w", something_new: [1] },
};

const run1 = {
  id: "run-1",
  plan: twoJobs,
  input: { data: { n: 1 } },
  credentials: { cred: { user: "ada", password: "hunter2" } },
};

const micros = expect.stringMatching(/^\d{16}$/);
const uuid = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
test("the socket, the token and the join are those of the protocol page", async () => {
  const { url, sockets, frame } = await bare();
  worker(url, ["--workloops", "fast_lane:1 manual>*:4"], { WORKER_NAME: "w1" });
  const joined = await frame(({ event }) => event === "phx_join");
  expect(joined).toMatchObject({
    topic: "worker:queue",
    payload: { capacity: 5, queues: { fast_lane: 1, "manual>*": 4 } },
  });
  expect(joined.joinRef).toBe(joined.ref);
  const query = sockets[0]?.searchParams;
  expect([...(query?.keys() ?? [])].sort()).toEqual([
    "api_version",
    "token",
    "vsn",
    "worker_version",
  ]);
  expect(query?.get("api_version")).toBe("1.2");
  expect(query?.get("vsn")).toBe("2.0.0");
  expect(query?.get("worker_version")).toMatch(/^\d+\.\d+\.\d+/);
  const { head, body } = claimsOf(query?.get("token") ?? null);
  expect(head).toMatchObject({ alg: "HS256" });
  expect(body).toEqual({
    worker_id: expect.stringMatching(/^[a-z]+-[a-z]+-[a-z]+$/),
    iat: expect.any(Number),
    iss: "urn:openfn:worker",
  });
  const claims = [
    await frame(({ payload }) => payload.queues?.[0] === "fast_lane"),
    await frame(({ payload }) => payload.queues?.[0] === "manual"),
  ];
  expect(claims.map(({ topic, event, payload }) => ({ topic, event, payload }))).toEqual([
    {
      topic: "worker:queue",
      event: "claim",
      payload: { demand: 1, worker_name: "w1", queues: ["fast_lane"] },
    },
    {
      topic: "worker:queue",
      event: "claim",
      payload: { demand: 4, worker_name: "w1", queues: ["manual", "*"] },
    },
  ]);
});

test("without a name and with a capacity alone it claims as OpenFn's worker does", async () => {
  const { url, frame } = await bare();
  worker(url, [], { WORKER_CAPACITY: "3" });
  const claim = await frame(({ event }) => event === "claim");
  expect(claim.payload).toEqual({ demand: 3, worker_name: null, queues: ["manual", "*"] });
});

test("a run is told event by event, in the exact shapes, each after the reply to the one before", async () => {
  const { url, offer, frame, frames, mostInFlight } = await bare();
  offer(run1);
  const program = worker(url, ["--log", "debug"]);
  await frame(isEnd("run-1"));
  await frame(({ topic, event }) => topic === "run:run-1" && event === "phx_leave");
  const told = ofRun(frames).map(({ event, payload }) => ({ event, payload }));
  const log = (source: string) => ({
    event: "run:log",
    payload: expect.objectContaining({ run_id: "run-1", source, timestamp: micros }),
  });
  const main = told.filter(
    ({ event, payload }) =>
      event !== "run:log" || payload.source === "JOB" || payload.source === "VER",
  );
  const [a, b] = told
    .filter(({ event }) => event === "step:complete")
    .map(({ payload }) => payload);
  expect(main).toEqual([
    { event: "phx_join", payload: { token: "token of run-1" } },
    { event: "fetch:plan", payload: {} },
    { event: "fetch:dataclip", payload: { id: "clip-1" } },
    { event: "fetch:credential", payload: { id: "cred" } },
    {
      event: "run:start",
      payload: {
        timestamp: micros,
        versions: expect.objectContaining({
          worker: expect.stringMatching(/^\d/),
          node: expect.stringMatching(/^\d/),
          engine: expect.stringMatching(/^\d/),
          compiler: expect.stringMatching(/^\d/),
          runtime: expect.stringMatching(/^\d/),
        }),
      },
    },
    log("VER"),
    {
      event: "step:start",
      payload: { step_id: uuid, job_id: "a", timestamp: micros, input_dataclip_id: "clip-1" },
    },
    {
      event: "run:log",
      payload: {
        run_id: "run-1",
        message: ["user is", "ada"],
        source: "JOB",
        level: "info",
        timestamp: micros,
        step_id: a.step_id,
      },
    },
    {
      event: "step:complete",
      payload: {
        step_id: uuid,
        job_id: "a",
        mem: { job: expect.any(Number), system: expect.any(Number) },
        duration: expect.any(Number),
        thread_id: expect.any(String),
        timestamp: micros,
        reason: "success",
        error_type: null,
        error_message: null,
        output_dataclip_id: uuid,
        output_dataclip: expect.any(String),
      },
    },
    {
      event: "step:start",
      payload: {
        step_id: b.step_id,
        job_id: "b",
        timestamp: micros,
        input_dataclip_id: a.output_dataclip_id,
      },
    },
    {
      event: "step:complete",
      payload: expect.objectContaining({
        job_id: "b",
        reason: "success",
        webhook_response: { status: 202, body: { b: 4 } },
      }),
    },
    {
      event: "run:complete",
      payload: {
        reason: "success",
        error_type: null,
        error_message: null,
        timestamp: micros,
        final_state: expect.objectContaining({ data: { n: 1 }, a: 2, b: 4 }),
        final_dataclip_id: b.output_dataclip_id,
      },
    },
    { event: "phx_leave", payload: {} },
  ]);
  expect(JSON.parse(a.output_dataclip)).toEqual({ data: { n: 1 }, a: 2 });
  expect(mostInFlight()).toBe(1);
  expect(program.printed()).not.toContain("hunter2");
});
