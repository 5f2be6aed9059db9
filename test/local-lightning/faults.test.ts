import { faultTable } from "@workloops/local-lightning";
import { decodeJwt } from "jose";
import { describe, expect, test } from "vitest";
import { type Answered, type Client, connect, workerToken } from "./client.ts";
import { type Desk, secret, startDesk } from "./desk.ts";
import { type Claimed, claimRuns, takeRun, tellRun } from "./work.ts";

interface Scene {
  readonly desk: Desk;
  /** Joined to `worker:queue`. */
  readonly worker: Client;
  /** A run that waits. */
  readonly runId: string;
}

type Case = (scene: Scene, kind: string) => Promise<void>;

const claim = { demand: 1, worker_name: "desk", queues: ["*"] };
const stamp = "1790000000000001";

/** Nothing came for what was just sent: the answer to a later heartbeat is there, and no other. */
async function unanswered(worker: Client, topic: string, event: string, payload: unknown) {
  const frames = worker.frames.length;
  void worker.push(topic, event, payload);
  await worker.push("phoenix", "heartbeat", {});
  return worker.frames.slice(frames).every((frame) => frame.topic === "phoenix");
}

const stateOf = (desk: Desk, runId: string) => desk.ledger.runs.get(runId)?.state;

async function answersTo(worker: Client, topic: string, event: string, payload: unknown) {
  const frames = worker.frames.length;
  await worker.push(topic, event, payload);
  await worker.push("phoenix", "heartbeat", {});
  return worker.frames.slice(frames).filter((frame) => frame.topic === topic);
}

const cutBefore: Case = async ({ desk, worker, runId }, kind) => {
  await desk.fault({ kind });
  void worker.push("worker:queue", "claim", claim);
  expect(await worker.closed).toBe(1006);
  expect(stateOf(desk, runId)).toBe("available");
};

const joinUnanswered: Case = async ({ desk }, kind) => {
  await desk.fault({ kind });
  const late = await desk.worker();
  expect(await unanswered(late, "worker:queue", "phx_join", {})).toBe(true);
  expect((await late.join("worker:queue")).status).toBe("ok");
};

const eventCase =
  (answered: boolean, done: boolean): Case =>
  async ({ desk, worker, runId }, kind) => {
    const topic = await takeRun(worker);
    await desk.fault({ kind, event: "run:start" });
    expect(await unanswered(worker, topic, "run:start", { timestamp: stamp })).toBe(!answered);
    expect(stateOf(desk, runId)).toBe(done ? "started" : "claimed");
  };

const eventDropped =
  (state: string): Case =>
  async ({ desk, worker, runId }, kind) => {
    const topic = await takeRun(worker);
    await desk.fault({ kind, event: "run:start" });
    void worker.push(topic, "run:start", {});
    expect(await worker.closed).toBe(1006);
    expect(stateOf(desk, runId)).toBe(state);
  };

async function grantedWith(scene: Scene, token: string): Promise<Claimed> {
  await scene.desk.fault({ kind: "claim-bad-tokens", token });
  const [run] = await claimRuns(scene.worker);
  if (run === undefined) throw new Error("nothing to claim");
  return run;
}

/** For each kind of the table, what a worker sees of it. */
const cases: Readonly<Record<string, Case>> = {
  "connection-refused": async ({ desk }, kind) => {
    await desk.fault({ kind, status: 502 });
    await expect(connect(desk.url, workerToken(secret))).rejects.toThrow("502");
    await desk.worker();
  },
  "connection-unanswered": async ({ desk }, kind) => {
    await desk.fault({ kind });
    const first = connect(desk.url, workerToken(secret)).catch(() => "cut at the end");
    await desk.worker();
    const opened = await Promise.race([first, desk.worker().then(() => "another came first")]);
    expect(opened).toBe("another came first");
  },
  "queue-join-refused": async ({ desk }, kind) => {
    await desk.fault({ kind });
    const late = await desk.worker();
    const refused = { status: "error", response: { reason: "unauthorized" } };
    expect(await late.join("worker:queue")).toEqual(refused);
    expect((await late.join("worker:queue")).status).toBe("ok");
  },
  "queue-join-unanswered": joinUnanswered,
  "queue-join-reply-lost": async (scene, kind) => {
    await joinUnanswered(scene, kind);
    // The first join was done: the second took its place.
    expect((await scene.desk.get("/status")).body).toMatchObject({ counts: { joins_replaced: 1 } });
  },
  "queue-join-late": async ({ desk }, kind) => {
    await desk.fault({ kind, ms: 5 });
    const late = await desk.worker();
    expect(await unanswered(late, "worker:queue", "phx_join", {})).toBe(true);
    await late.frame(({ topic, event }) => topic === "worker:queue" && event === "phx_reply");
  },
  "claim-lost": async ({ desk, worker, runId }, kind) => {
    await desk.fault({ kind });
    expect(await unanswered(worker, "worker:queue", "claim", claim)).toBe(true);
    expect(stateOf(desk, runId)).toBe("available");
  },
  "claim-reply-lost": async ({ desk, worker, runId }, kind) => {
    await desk.fault({ kind });
    expect(await unanswered(worker, "worker:queue", "claim", claim)).toBe(true);
    expect(stateOf(desk, runId)).toBe("claimed");
    expect(desk.ledger.counts.grantsLost).toBe(1);
  },
  "claim-reply-late": async ({ desk, worker, runId }, kind) => {
    await desk.fault({ kind, ms: 5 });
    const late = claimRuns(worker);
    await worker.push("phoenix", "heartbeat", {});
    expect(stateOf(desk, runId)).toBe("claimed");
    expect(await late).toHaveLength(1);
  },
  "claim-stalled": async ({ desk, worker, runId }, kind) => {
    await desk.fault({ kind, ms: 5 });
    const stalled = claimRuns(worker);
    const behind = claimRuns(worker);
    await worker.push("phoenix", "heartbeat", {});
    expect(stateOf(desk, runId)).toBe("available");
    expect([(await stalled).length, (await behind).length]).toEqual([1, 0]);
  },
  "claim-reply-twice": async ({ desk, worker }, kind) => {
    await desk.fault({ kind });
    const [first, second, ...more] = await answersTo(worker, "worker:queue", "claim", claim);
    expect(first).toEqual(second);
    expect(more).toEqual([]);
  },
  "claim-error": async ({ desk, worker, runId }, kind) => {
    await desk.fault({ kind, chain: "fast_lane" });
    const strict = { ...claim, queues: ["fast_lane"] };
    expect((await worker.push("worker:queue", "claim", strict)).status).toBe("error");
    // It was for that chain only.
    expect((await claimRuns(worker)).map(({ id }) => id)).toEqual([runId]);
  },
  "claim-crash": async ({ desk, worker, runId }, kind) => {
    await desk.fault({ kind });
    void worker.push("worker:queue", "claim", claim);
    await worker.frame(({ event }) => event === "phx_error");
    expect(stateOf(desk, runId)).toBe("available");
  },
  "claim-answer": async ({ desk, worker }, kind) => {
    const response = { runs: [{ id: 1, token: null }, "x"] };
    await desk.fault({ kind, response });
    const answer: Answered = await worker.push("worker:queue", "claim", claim);
    expect(answer).toEqual({ status: "ok", response });
  },
  "claim-surplus": async ({ desk, worker }, kind) => {
    for (let count = 0; count < 3; count += 1) await desk.run();
    await desk.fault({ kind, count: 2 });
    expect(await claimRuns(worker)).toHaveLength(3);
  },
  "claim-dropped-before": cutBefore,
  "claim-dropped-after": async ({ desk, worker, runId }, kind) => {
    await desk.fault({ kind });
    void worker.push("worker:queue", "claim", claim);
    expect(await worker.closed).toBe(1006);
    expect(stateOf(desk, runId)).toBe("claimed");
    expect(desk.ledger.counts.grantsLost).toBe(1);
  },
  "claim-bad-tokens": async (scene) => {
    const { desk, worker, runId } = scene;
    for (const token of ["foreign", "expired", "malformed", "forged"]) {
      const run = await grantedWith(scene, token);
      if (token === "foreign") expect(decodeJwt(run.token)["id"]).not.toBe(runId);
      if (token === "expired") expect(decodeJwt(run.token).exp).toBeLessThan(Date.now() / 1000);
      expect((await worker.join(`run:${run.id}`, { token: run.token })).status).toBe("error");
      await desk.run();
    }
  },
  "claim-with-wake-up": async ({ desk, worker }, kind) => {
    await desk.fault({ kind });
    const frames = await answersTo(worker, "worker:queue", "claim", claim);
    expect(frames.map(({ event }) => event)).toEqual(["phx_reply", "work-available"]);
  },
  "run-join-refused": async ({ desk, worker }, kind) => {
    const [run] = await claimRuns(worker);
    await desk.fault({ kind });
    const join = () => worker.join(`run:${run?.id}`, { token: run?.token });
    expect([(await join()).status, (await join()).status]).toEqual(["error", "ok"]);
  },
  "run-join-unanswered": async ({ desk, worker }, kind) => {
    const [run] = await claimRuns(worker);
    await desk.fault({ kind });
    const topic = `run:${run?.id}`;
    expect(await unanswered(worker, topic, "phx_join", { token: run?.token })).toBe(true);
    expect((await worker.push(topic, "fetch:plan", {})).status).toBe("error");
  },
  "run-join-reply-lost": async ({ desk, worker }, kind) => {
    const [run] = await claimRuns(worker);
    await desk.fault({ kind });
    const topic = `run:${run?.id}`;
    expect(await unanswered(worker, topic, "phx_join", { token: run?.token })).toBe(true);
    expect((await worker.push(topic, "fetch:plan", {})).status).toBe("ok");
  },
  "event-lost": eventCase(false, false),
  "event-reply-lost": eventCase(false, true),
  "event-reply-late": async ({ desk, worker, runId }, kind) => {
    const topic = await takeRun(worker);
    await desk.fault({ kind, ms: 5, event: "run:start" });
    const late = worker.push(topic, "run:start", { timestamp: stamp });
    await worker.push(topic, "run:log", { message: "too early", timestamp: stamp });
    expect(stateOf(desk, runId)).toBe("started");
    expect((await late).status).toBe("ok");
    // A worker sends the next event when the last was answered.
    expect(desk.ledger.violations.first.map(({ kind: of }) => of)).toEqual(["two-in-flight"]);
  },
  "event-stalled": async ({ desk, worker, runId }, kind) => {
    const topic = await takeRun(worker);
    await desk.fault({ kind, ms: 5, event: "run:start" });
    const stalled = worker.push(topic, "run:start", { timestamp: stamp });
    const fetched = worker.push(topic, "fetch:plan", {});
    await worker.push("phoenix", "heartbeat", {});
    expect(stateOf(desk, runId)).toBe("claimed");
    expect([(await stalled).status, (await fetched).status]).toEqual(["ok", "ok"]);
    expect(desk.ledger.violations.total).toBe(0);
  },
  "event-reply-twice": async ({ desk, worker }, kind) => {
    const topic = await takeRun(worker);
    await desk.fault({ kind });
    const frames = await answersTo(worker, topic, "run:start", { timestamp: stamp });
    expect(frames).toHaveLength(2);
    expect(desk.ledger.counts.resent).toBe(0);
  },
  "event-applied-twice": async ({ desk, worker }, kind) => {
    const topic = await takeRun(worker);
    await desk.fault({ kind });
    const frames = await answersTo(worker, topic, "run:start", { timestamp: stamp });
    expect(frames).toHaveLength(2);
    expect(desk.ledger.counts.resent).toBe(1);
    expect(desk.ledger.violations.total).toBe(0);
  },
  "event-refused": async ({ desk, worker }, kind) => {
    const topic = await takeRun(worker);
    await desk.fault({ kind, event: "fetch:plan", response: "not now" });
    expect(await worker.push(topic, "fetch:plan", {})).toEqual({
      ...{ status: "error", response: "not now" },
    });
    expect((await worker.push(topic, "fetch:plan", {})).status).toBe("ok");
  },
  "event-answer": async ({ desk, worker }, kind) => {
    const topic = await takeRun(worker);
    await desk.fault({ kind, event: "fetch:plan", response: { jobs: "none" } });
    const { response } = await worker.push(topic, "fetch:plan", {});
    expect(response).toEqual({ jobs: "none" });
  },
  "event-crash": async ({ desk, worker }, kind) => {
    const topic = await takeRun(worker);
    await desk.fault({ kind });
    void worker.push(topic, "fetch:plan", {});
    const death = await worker.frame(({ event }) => event === "phx_error");
    expect(death.topic).toBe(topic);
  },
  "event-dropped-before": eventDropped("claimed"),
  "event-dropped-after": eventDropped("started"),
  "event-padded": async ({ desk, worker }, kind) => {
    const topic = await takeRun(worker);
    await desk.fault({ kind, bytes: 1_000 });
    const { response } = await worker.push(topic, "fetch:plan", {});
    expect((response as { padding: string }).padding).toHaveLength(1_000);
    await desk.fault({ kind, bytes: 10, event: "fetch:dataclip" });
    const dataclip = await worker.push(topic, "fetch:dataclip", {});
    expect(dataclip.response).toHaveLength("null".length + 10);
  },
  "drop-sockets": async ({ desk, worker }, kind) => {
    await desk.fault({ kind });
    expect(await worker.closed).toBe(1006);
    await desk.worker();
  },
  "close-sockets": async ({ desk, worker }, kind) => {
    await desk.fault({ kind, code: 1012 });
    expect(await worker.closed).toBe(1012);
  },
  "half-open": async ({ desk, worker }, kind) => {
    await desk.fault({ kind });
    void worker.push("phoenix", "heartbeat", {});
    await desk.run();
    const fresh = await desk.worker();
    await fresh.join("worker:queue");
    await desk.run();
    await fresh.frame(({ event }) => event === "work-available");
    // The socket is open as far as its worker can see, and silent.
    expect(worker.ws.readyState).toBe(worker.ws.OPEN);
    expect(worker.frames.filter(({ topic }) => topic === "phoenix")).toEqual([]);
  },
  "server-away": async ({ desk, worker }, kind) => {
    await desk.fault({ kind, ms: 3_600_000 });
    expect(await worker.closed).toBe(1006);
    await expect(desk.worker()).rejects.toThrow("hang up");
    // What a person sees stays.
    expect(await desk.run()).toEqual(expect.any(String));
    await desk.fault({ kind: "none" });
    await desk.worker();
  },
  "wake-up-storm": async ({ desk, worker }, kind) => {
    const wakeUps = () => worker.frames.filter(({ event }) => event === "work-available").length;
    const before = wakeUps();
    await desk.fault({ kind, count: 20, ms: 5 });
    await worker.frame(() => wakeUps() === before + 20);
  },
  "wake-ups-off": async ({ desk, worker }, kind) => {
    const before = worker.frames.length;
    await desk.fault({ kind });
    await desk.run();
    await worker.push("phoenix", "heartbeat", {});
    expect(worker.frames.slice(before).map(({ topic }) => topic)).toEqual(["phoenix"]);
  },
  "wake-ups-on": async ({ desk, worker }, kind) => {
    await desk.fault({ kind: "wake-ups-off" });
    await desk.fault({ kind });
    const before = worker.frames.length;
    await desk.run();
    await worker.frame((frame) => worker.frames.indexOf(frame) >= before);
    expect(worker.frames.at(-1)?.event).toBe("work-available");
  },
  "lose-runs": async ({ desk, worker, runId }, kind) => {
    const waits = await desk.run();
    await takeRun(worker);
    await desk.fault({ kind, run_id: waits });
    expect(stateOf(desk, runId)).toBe("claimed");
    await desk.fault({ kind });
    expect([stateOf(desk, runId), stateOf(desk, waits)]).toEqual(["lost", "available"]);
  },
};

describe("POST /faults", () => {
  test("has a test for each kind of the table", () => {
    expect(Object.keys(cases)).toEqual(faultTable.map(({ kind }) => kind));
  });

  test.each(Object.entries(cases))("%s", async (kind, act) => {
    const desk = await startDesk();
    const worker = await desk.worker();
    await worker.join("worker:queue");
    const runId = await desk.run();
    await worker.frame(({ event }) => event === "work-available");
    await act({ desk, worker, runId }, kind);
    const { body } = await desk.get("/faults");
    const { armed } = body as { armed: { kind: string; fired: number }[] };
    const fired = armed.filter((fault) => fault.kind === kind).map((fault) => fault.fired);
    if (kind !== "server-away") expect(fired.every((times) => times > 0)).toBe(true);
    // Whatever was broken, the next run of a new worker works.
    await desk.fault({ kind: "none" });
    const fresh = await desk.worker({ worker_id: "fresh" });
    await fresh.join("worker:queue");
    await desk.run({ queue: "manual" });
    await tellRun(fresh, await takeRun(fresh, ["manual"]));
  });

  test("a fault can wait, strike several times, and be for one worker or run", async () => {
    const desk = await startDesk();
    const worker = await desk.worker();
    await worker.join("worker:queue");
    await desk.fault({ kind: "claim-error", after: 1, times: 2, worker_name: "desk" });
    const status = async (name: string) => {
      const payload = { ...claim, worker_name: name };
      return (await worker.push("worker:queue", "claim", payload)).status;
    };
    const answers: string[] = [];
    for (const name of ["desk", "other", "desk", "desk", "desk"]) answers.push(await status(name));
    expect(answers).toEqual(["ok", "ok", "error", "error", "ok"]);
  });

  test.each([
    [1, "a fault is an object with a kind"],
    [{ kind: "fire" }, "kind: not one of connection-refused"],
    [{ kind: "claim-lost", time: 1 }, "time: not known"],
    [{ kind: "claim-lost", times: -1 }, "times: not a whole number from 0"],
    [{ kind: "claim-reply-late", ms: "5" }, "ms: not a whole number from 0"],
    [{ kind: "wake-up-storm", count: 10_001 }, "count: not a whole number from 0 to 10000"],
    [{ kind: "close-sockets", code: 1005 }, "code: not a close code"],
    [{ kind: "claim-bad-tokens", token: "bad" }, "token: not one of foreign"],
    [{ kind: "event-lost", event: 1 }, "event: not a string"],
  ])("refuses %j", async (body, problem) => {
    const desk = await startDesk();
    const answer = await desk.post("/faults", body);
    expect(answer.status).toBe(400);
    expect((answer.body as { error: string }).error).toContain(problem);
  });
});

describe("a claim whose socket died before its reply", () => {
  test.each([
    [false, "claimed", { grantsLost: 1, released: 0 }],
    [true, "available", { grantsLost: 0, released: 1 }],
  ])("with rollback %s is %s", async (rollback, state, counts) => {
    const desk = await startDesk({ rollback });
    const worker = await desk.worker();
    await worker.join("worker:queue");
    const runId = await desk.run();
    await desk.fault({ kind: "claim-dropped-after" });
    void worker.push("worker:queue", "claim", claim);
    await worker.closed;
    expect(stateOf(desk, runId)).toBe(state);
    expect(desk.ledger.counts).toMatchObject(counts);
  });
});
