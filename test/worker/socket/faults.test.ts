import { describe, expect, test } from "vitest";
import { type Lightning, lightning, socketWorker } from "./socket-worker.ts";

/** Short, and longer than a busy machine takes to answer: what is answered too late is asked for ever. */
const quick = {
  backoffMinMs: 20,
  backoffMaxMs: 100,
  claimTimeoutMs: 400,
  messageTimeoutMs: 400,
  queueJoinTimeoutMs: 400,
  openTimeoutMs: 400,
  retryMaxMs: 100,
};

/** What the server saw: every run ended once, and nothing that a worker must not do. */
function judge({ ledger }: Lightning, ids: readonly string[]) {
  return {
    violations: ledger.violations.first,
    ends: ids.map((id) => ledger.runs.get(id)?.ends.length),
  };
}

const once = (ids: readonly string[]) => ({ violations: [], ends: ids.map(() => 1) });

describe("every run ends well, once, although", () => {
  test.each([
    ["connection-refused", {}],
    ["connection-unanswered", {}],
    ["queue-join-refused", {}],
    ["queue-join-unanswered", {}],
    ["queue-join-reply-lost", {}],
    ["claim-lost", {}],
    ["claim-reply-late", { ms: 800 }],
    ["claim-stalled", { ms: 800 }],
    ["claim-reply-twice", {}],
    ["claim-error", {}],
    ["claim-crash", {}],
    ["claim-answer", { response: { runs: "none" } }],
    ["claim-surplus", { count: 2 }],
    ["claim-dropped-before", {}],
    ["claim-with-wake-up", {}],
    ["run-join-refused", {}],
    ["run-join-unanswered", {}],
    ["run-join-reply-lost", {}],
    ["event-lost", {}],
    ["event-reply-lost", {}],
    ["event-reply-late", { ms: 800 }],
    ["event-reply-twice", {}],
    ["event-applied-twice", {}],
    ["event-stalled", { ms: 800 }],
    ["event-crash", {}],
    ["event-dropped-before", {}],
    ["event-dropped-after", {}],
    ["wake-ups-off", {}],
  ])("%s", async (kind, parameters) => {
    const server = await lightning();
    await server.post("/faults", { kind, ...parameters });
    await socketWorker(server, "*:2", quick);
    const ids = [
      ...(await server.runs(2, { queue: "fast_lane" })),
      ...(await server.runs(2, { queue: "default" })),
    ];
    expect(await server.ended(ids)).toEqual(ids.map(() => "success"));
    expect(judge(server, ids)).toEqual(once(ids));
  });
});

test.each([
  ["drop-sockets", {}],
  ["close-sockets", { code: 1001 }],
])("%s: what is held goes on, and its events are told in order", async (kind, parameters) => {
  const server = await lightning();
  // The runs are held while their plans are waited for.
  await server.post("/faults", { kind: "event-stalled", event: "fetch:plan", times: 2, ms: 50 });
  const worker = await socketWorker(server, "*:2", quick);
  const ids = await server.runs(2);
  await worker.until(({ active }) => active === 2);
  await server.post("/faults", { kind, ...parameters });
  expect(await server.ended(ids)).toEqual(ids.map(() => "success"));
  expect(judge(server, ids)).toEqual(once(ids));
});

test("a grant that was lost with the socket is counted, and its lane goes on", async () => {
  const server = await lightning();
  await server.post("/faults", { kind: "claim-dropped-after" });
  const [lost = ""] = await server.runs(1);
  const worker = await socketWorker(server, "*:1", quick);
  await worker.until(({ lanes }) => lanes[0]?.lastClaim?.outcome === "lost");
  const next = await server.runs(2);
  expect(await server.ended(next)).toEqual(["success", "success"]);
  expect(server.ledger.counts.grantsLost).toBe(1);
  expect(server.ledger.runs.get(lost)?.state).toBe("claimed");
});

test.each([
  ["fetch:plan", "exception", "PlanError"],
  ["fetch:dataclip", "exception", "DataClipError"],
  ["run:start", "success", null],
  ["step:start", "success", null],
  ["step:complete", "success", null],
  ["run:log", "success", null],
])("%s refused for good costs at most its own run: it ends with %s", async (event, end, type) => {
  const server = await lightning();
  await server.post("/faults", { kind: "event-refused", event, response: { reason: "no" } });
  const worker = await socketWorker(server, "*:1", quick);
  const [bad = "", good = ""] = await server.runs(2, { input: { n: 1 } });
  expect(await server.ended([bad, good])).toEqual([end, "success"]);
  expect(server.ledger.runs.get(bad)?.errorType).toBe(type);
  expect(worker.logs.some((line) => /refused|no usable plan|Failed to load/.test(line))).toBe(true);
});

test.each(["foreign", "expired", "malformed", "forged"])(
  "fault 16: a run whose token is %s is not executed; the others are, and the worker lives",
  async (token) => {
    const server = await lightning();
    await server.post("/faults", { kind: "claim-bad-tokens", token });
    const [bad = ""] = await server.runs(1);
    const worker = await socketWorker(server, "*:1", quick);
    await worker.until(() => worker.logs.some((line) => line.startsWith("error lost")));
    const good = await server.runs(2);
    expect(await server.ended(good)).toEqual(["success", "success"]);
    expect(
      worker.logs.find((line) => line.includes(bad) && line.includes("token is refused")),
    ).toBeDefined();
    expect(server.ledger.runs.get(bad)?.steps.size).toBe(0);
  },
);

test("fault 1: a lost grant holds no slot: the lane claims again after the claim timeout", async () => {
  const server = await lightning();
  await server.post("/faults", { kind: "claim-reply-lost" });
  const [lost = ""] = await server.runs(1);
  await socketWorker(server, "*:1", quick);
  const ids = await server.runs(2);
  expect(await server.ended(ids)).toEqual(["success", "success"]);
  expect(server.ledger.runs.get(lost)?.state).toBe("claimed");
});

test("fault 6: what is held goes on after the server was away, and every lane claims again", async () => {
  const server = await lightning();
  const worker = await socketWorker(server, "fast_lane:1 *:1", quick);
  await worker.until(({ joined }) => joined);
  await server.post("/faults", { kind: "server-away", ms: 200 });
  await worker.until(({ joined }) => !joined);
  const ids = [
    ...(await server.runs(1, { queue: "fast_lane" })),
    ...(await server.runs(1, { queue: "manual" })),
  ];
  expect(await server.ended(ids)).toEqual(["success", "success"]);
});

test("fault 7: a socket whose other side is silent is given up, and what was held goes on", async () => {
  const server = await lightning();
  const worker = await socketWorker(server, "*:1", { ...quick, heartbeatMs: 300 });
  await worker.until(({ joined }) => joined);
  await server.post("/faults", { kind: "half-open" });
  const ids = await server.runs(1);
  expect(await server.ended(ids)).toEqual(["success"]);
  expect(worker.logs.join()).toContain("its heartbeat was not answered");
});

test("fault 26: a storm of 200 wake-ups in 100 ms makes two claims a lane", async () => {
  const server = await lightning();
  const worker = await socketWorker(server, "fast_lane:5 *:5", {
    backoffMinMs: 30_000,
    backoffMaxMs: 30_000,
  });
  await worker.until(({ lanes }) => lanes.every((lane) => lane.lastClaim !== null));
  const refs = () => worker.logs.filter((line) => line.startsWith("debug claims")).length;
  expect(refs()).toBe(2);
  await server.post("/faults", { kind: "wake-up-storm", count: 200, ms: 100 });
  // A second claim of each lane goes out when the first has been empty for 200 ms; then silence.
  await worker.until(() => refs() === 6);
  const [run = ""] = await server.runs(1);
  await server.ended([run]);
  expect(refs()).toBeLessThanOrEqual(9);
});

test("fault 28: unwanted and hostile plans cost their run alone", async () => {
  const server = await lightning();
  await server.post("/faults", { kind: "event-answer", response: { jobs: { length: 1e9 } } });
  const worker = await socketWorker(server, "*:1", quick);
  const [bad = "", good = ""] = await server.runs(2);
  expect(await server.ended([bad, good])).toEqual(["exception", "success"]);
  expect(server.ledger.runs.get(bad)?.errorType).toBe("PlanError");
  expect(worker.look().mode).toBe("working");
});
