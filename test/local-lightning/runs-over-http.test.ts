import { expect, test } from "vitest";
import vectors from "../conformance/job-vectors.json" with { type: "json" };
import { type Desk, startDesk } from "./desk.ts";
import { claimRuns, type Telling, takeRun, tellRun } from "./work.ts";

const body = "fn((s) => s)";

test.each([
  [{}, "body, plan: give one of them"],
  [{ body, plan: { jobs: [{}] } }, "body, plan: give one of them"],
  [{ body: 1 }, "body: a number, not a job's source"],
  [[1], "[0] the body: a number, not an object"],
  ["text", "the body: a string, not an object"],
  [{ body, queue: "slow" }, 'queue: "slow", not one of default, fast_lane, manual'],
  [{ body, quue: "manual" }, "quue: not known; known are queue, body"],
  [{ body, adaptor: 1 }, "adaptor: a number, not a name like"],
  [{ plan: [] }, "plan: a list, not an object"],
  [{ plan: {} }, "plan.jobs: missing; give a list"],
  [{ plan: { jobs: [{ id: 1 }] } }, "plan.jobs[0].id: a number, not a name"],
  [{ plan: { jobs: [1] } }, "plan.jobs[0]: a number, not an object"],
  [{ plan: { jobs: [{}], edges: {} } }, "plan.edges: an object, not a list"],
  [{ plan: { jobs: [{}], starting_node_id: 1 } }, "plan.starting_node_id: a number"],
  [{ body, raw_input: {} }, "raw_input: an object, not JSON text"],
  [{ body, raw_input: "1", input: 1 }, "raw_input: give it alone"],
  [{ body, credentials: [] }, "credentials: a list, not an object"],
  [{ body, workflow: {} }, "workflow.id: missing"],
  [{ body, workflow: { id: "w", concurrency: 0 } }, "workflow.concurrency: not a whole number"],
  [{ body, priority: 1 }, 'priority: 1, not "immediate" or "normal"'],
  [{ body, reply: { success_code: 99 } }, "reply.success_code: not an HTTP status"],
])("POST /runs refuses %j", async (request, problem) => {
  const desk = await startDesk();
  const answer = await desk.post("/runs", request);
  expect(answer.status).toBe(400);
  expect((answer.body as { error: string }).error).toContain(problem);
  expect(desk.ledger.runs.size).toBe(0);
});

test("every plan of the job vectors is taken as it stands, ids added where there are none", async () => {
  const desk = await startDesk();
  const rows: readonly {
    plan: object;
    input?: unknown;
    raw_input?: string;
    credentials?: object;
  }[] = vectors as never;
  const requests = rows.map(({ plan, input, raw_input, credentials }) => ({
    ...{ plan, input, raw_input, credentials },
  }));
  expect(await desk.post("/runs", requests)).toMatchObject({ status: 201 });
  for (const [index, run] of [...desk.ledger.runs.values()].entries()) {
    expect(run.plan).toMatchObject(requests[index]?.plan ?? {});
    for (const { id } of run.plan.jobs) expect(id).toEqual(expect.any(String));
  }
});

test("runs are listed the newest first, and chosen by queue and state", async () => {
  const desk = await startDesk();
  const [first, second] = [await desk.run({ queue: "manual" }), await desk.run()];
  const ids = async (query: string) => {
    const { body: list } = await desk.get(`/runs${query}`);
    return (list as { runs: { id: string }[] }).runs.map(({ id }) => id);
  };
  expect(await ids("")).toEqual([second, first]);
  expect(await ids("?queue=manual")).toEqual([first]);
  expect(await ids("?state=claimed")).toEqual([]);
});

test.each([
  ["GET", "/", 200],
  ["GET", "/health_check", 200],
  ["GET", "/runs/nobody", 404],
  ["GET", "/nothing", 404],
  ["PUT", "/runs", 405],
  ["POST", "/runs?wait=never", 400],
  ["GET", "//", 400],
])("%s %s is answered with %i", async (method, path, status) => {
  const desk = await startDesk();
  const response = await fetch(`${desk.httpUrl}${path}`, { method });
  expect(response.status).toBe(status);
});

test("a body that is no JSON, or too large, is refused", async () => {
  const desk = await startDesk();
  const post = (text: string) => fetch(`${desk.httpUrl}/runs`, { method: "POST", body: text });
  expect((await post("{")).status).toBe(400);
  expect((await post(" ".repeat(10_000_001))).status).toBe(413);
});

test("a page of another site is not answered, nor one whose name points here", async () => {
  const desk = await startDesk();
  const { request } = await import("node:http");
  const status = (headers: Record<string, string>) =>
    new Promise((resolve, reject) => {
      const asked = request(`${desk.httpUrl}/runs`, { method: "POST", headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.once("error", reject);
      asked.end(JSON.stringify({ body }));
    });
  const host = new URL(desk.httpUrl).host;
  expect(await status({ origin: "https://evil.example" })).toBe(403);
  expect(await status({ origin: "null" })).toBe(403);
  expect(await status({ host: "evil.example" })).toBe(403);
  expect(await status({ host: "evil.example", origin: "http://evil.example" })).toBe(403);
  expect(await status({ origin: `http://${host}` })).toBe(201);
  expect(await status({ host: `localhost:${desk.port}` })).toBe(201);
});

test("what is held is bounded: ended runs are forgotten, waiting ones refused", async () => {
  const desk = await startDesk({ runsKept: 2 });
  const worker = await desk.worker();
  await worker.join("worker:queue");
  const first = await desk.run();
  await tellRun(worker, await takeRun(worker));
  await desk.run();
  await desk.run();
  expect((await desk.get(`/runs/${first}`)).status).toBe(404);
  expect((await desk.post("/runs", { body })).status).toBe(429);
  expect(desk.ledger.usedIds.size).toBe(0);
});

test("text is held up to a limit: the oldest ended run goes, then runs are refused", async () => {
  const desk = await startDesk({ charactersKept: 3_000, charactersKeptPerRun: 2_500 });
  const worker = await desk.worker();
  await worker.join("worker:queue");
  const first = await desk.run({ input: "x".repeat(2_000) });
  await tellRun(worker, await takeRun(worker), { output: { y: "y".repeat(2_000) } });
  const { body: view } = await desk.get(`/runs/${first}`);
  // The input fits, the output and the final state over it are answered and not held.
  expect(view).toMatchObject({ state: "success", final_state: null, steps: [{ output: null }] });
  await desk.run({ input: "x".repeat(2_000) });
  expect((await desk.get(`/runs/${first}`)).status).toBe(404);
  await desk.run({ input: "x".repeat(2_000) });
  expect((await desk.post("/runs", { body })).status).toBe(429);
  expect(desk.ledger.keptCharacters).toBe(
    [...desk.ledger.runs.values()].reduce((sum, run) => sum + run.keptCharacters, 0),
  );
});

test("a retry is a new run of the same work order, from a step with that step's input", async () => {
  const desk = await startDesk();
  const worker = await desk.worker();
  await worker.join("worker:queue");
  const workflow = { id: "w", concurrency: 3 };
  const id = await desk.run({ queue: "fast_lane", input: { a: 1 }, workflow });
  await tellRun(worker, await takeRun(worker), { reason: "fail" });
  const retry = (of: string, what: unknown) => desk.post(`/runs/${of}/retry`, what);
  const { status, body: again } = await retry(id, {});
  const [run, next] = [...desk.ledger.runs.values()];
  expect([status, again]).toEqual([201, { id: next?.id }]);
  expect(next?.workOrderId).toBe(run?.workOrderId);
  expect(next?.queued).toMatchObject({ queue: "manual", workflowId: "w", workflowConcurrency: 3 });
  expect(next?.plan.jobs).toEqual(run?.plan.jobs);
  const topic = await takeRun(worker);
  expect((await worker.push(topic, "fetch:dataclip", {})).response).toEqual(Buffer.from('{"a":1}'));
  const [step] = run?.steps.keys() ?? [];
  const fromStep = await retry(id, { step_id: step });
  const last = [...desk.ledger.runs.values()].at(-1);
  expect([fromStep.status, last?.plan.starting_node_id]).toEqual([201, run?.plan.jobs[0]?.id]);
  expect((await retry(id, { step_id: "other" })).body).toEqual({
    error: "step_id: not a step of this run",
  });
  expect((await retry(id, [])).status).toBe(400);
  expect((await retry("nobody", {})).status).toBe(404);
});

test("a run whose input was wiped cannot be tried again", async () => {
  const desk = await startDesk();
  const worker = await desk.worker();
  await worker.join("worker:queue");
  const plan = { jobs: [{ id: "j" }], options: { output_dataclips: false } };
  const { body: made } = await desk.post("/runs", { plan, input: {} });
  const topic = await takeRun(worker);
  await worker.push(topic, "fetch:dataclip", {});
  expect(await desk.post(`/runs/${(made as { id: string }).id}/retry`, {})).toEqual({
    ...{ status: 400, body: { error: "the input was wiped" } },
  });
});

/** Posts a run that is waited for, and lets a worker tell of it. */
async function webhook(telling: Telling, request: object = {}) {
  const desk = await startDesk();
  const worker = await desk.worker();
  await worker.join("worker:queue");
  const answer = desk.post("/runs?wait=30000", { body, ...request });
  await worker.frame(({ event }) => event === "work-available");
  await tellRun(worker, await takeRun(worker), telling);
  const [run] = desk.ledger.runs.values();
  return { ...(await answer), run };
}

test("a caller who waits is answered with the final state, from the fast lane", async () => {
  const { status, body: answer, run } = await webhook({ output: { answer: 42 } });
  expect(status).toBe(201);
  expect(answer).toEqual({
    data: { answer: 42 },
    meta: {
      work_order_id: run?.workOrderId,
      run_id: run?.id,
      state: "success",
      error_type: null,
      inserted_at: expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      claimed_at: expect.any(String),
      started_at: "2026-09-21T14:13:20.000001Z",
      finished_at: "2026-09-21T14:13:20.000001Z",
    },
  });
  expect(run?.queued.queue).toBe("fast_lane");
});

const malformed = { message: "The workflow's webhook_response was malformed" };

test.each<[string, Telling, object, number, unknown]>([
  ["its failure", { reason: "fail" }, {}, 201, { message: "The run ended as failed" }],
  [
    "its trigger's codes",
    { reason: "fail" },
    { reply: { error_code: 422 } },
    422,
    { message: "The run ended as failed" },
  ],
  ["its trigger's codes", {}, { reply: { success_code: 200 } }, 200, {}],
  [
    "a step's answer",
    { webhookResponse: { status: 418.9, body: { tea: 1 } } },
    {},
    418,
    { tea: 1 },
  ],
  [
    "a step's status alone",
    { output: { a: 1 }, webhookResponse: { status: 202 } },
    {},
    202,
    { a: 1 },
  ],
  ["a step's body that is none", { webhookResponse: { body: "text" } }, {}, 201, malformed],
  ["a step's status that is none", { webhookResponse: { status: "200" } }, {}, 201, malformed],
  ["a step's status out of range", { webhookResponse: { status: 42 } }, {}, 201, malformed],
  ["a step's answer that is none", { webhookResponse: [] }, {}, 201, malformed],
])("a caller who waits is answered with %s", async (_, telling, request, status, data) => {
  const answer = await webhook(telling, request);
  expect([answer.status, (answer.body as { data: unknown }).data]).toEqual([status, data]);
});

test("a status that allows no body has none", async () => {
  const { status, body: answer } = await webhook({ webhookResponse: { status: 204 } });
  expect([status, answer]).toEqual([204, ""]);
});

test("a caller whose run does not end in time is answered with 504", async () => {
  const desk = await startDesk();
  const { status, body: answer } = await desk.post("/runs?wait=1", { body });
  const [run] = desk.ledger.runs.values();
  expect(status).toBe(504);
  expect(answer).toMatchObject({ work_order_id: run?.workOrderId, error: expect.any(String) });
  expect(run?.state).toBe("available");
});

test("GET /runs/:id waits for a change", async () => {
  const desk = await startDesk();
  const worker = await desk.worker();
  await worker.join("worker:queue");
  const id = await desk.run();
  const look = async (since: number) => {
    const { body: view } = await desk.get(`/runs/${id}?wait=30000&since=${since}`);
    return view as { state: string; changes: number };
  };
  const change = look(0);
  const topic = await takeRun(worker);
  const claimed = await change;
  expect(claimed).toMatchObject({ state: "claimed", changes: 1 });
  const next = look(claimed.changes);
  await worker.push(topic, "run:start", {});
  expect(await next).toMatchObject({ state: "started", changes: 2 });
});

test("the janitor passes by itself, and who watches a run hears of it", async () => {
  const desk = await startDesk({ janitorIntervalMs: 5, runTimeoutMs: 1, graceSeconds: 0 });
  const worker = await desk.worker();
  await worker.join("worker:queue");
  const waiting = desk.post("/runs?wait=200", { body });
  await worker.frame(({ event }) => event === "work-available");
  const [run] = await claimRuns(worker);
  const { body: view } = await desk.get(`/runs/${run?.id}?wait=30000&since=1`);
  expect(view).toMatchObject({ state: "lost", error_type: "LostAfterClaim" });
  // What the janitor ends answers no caller.
  expect((await waiting).status).toBe(504);
});

async function statusOf(desk: Desk) {
  return (await desk.get("/status")).body;
}

test("GET /status says who is joined and what waits", async () => {
  const desk = await startDesk();
  const worker = await desk.worker();
  await worker.join("worker:queue", { capacity: 5, queues: { fast_lane: 1, "manual>*": 4 } });
  await desk.run({ queue: "fast_lane" });
  await desk.run();
  const topic = await takeRun(worker, ["fast_lane"]);
  await worker.push(topic, "run:start", {});
  expect(await statusOf(desk)).toMatchObject({
    workers: [{ capacity: 5, queues: { fast_lane: 1, "manual>*": 4 }, started: 1 }],
    waiting: { default: 1, fast_lane: 0, manual: 0 },
    in_progress: 1,
    counts: { claims: 1, granted: 1 },
    violations: 0,
  });
});
