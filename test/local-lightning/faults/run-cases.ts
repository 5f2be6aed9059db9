import { expect } from "vitest";
import { claimRuns, takeRun } from "../work.ts";
import { answersTo, type Case, orderOfReplies, stamp, stateOf, unanswered } from "./scene.ts";

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

/** Joining a run's channel, and its events. */
export const runCases: Readonly<Record<string, Case>> = {
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
  "event-stalled": async ({ desk, worker }, kind) => {
    const topic = await takeRun(worker);
    await desk.fault({ kind, ms: 5, event: "run:start" });
    const order = await orderOfReplies(worker, () => [
      worker.push(topic, "run:start", { timestamp: stamp }),
      worker.push(topic, "fetch:plan", {}),
    ]);
    expect(order).toEqual(["phoenix", "run", "run"]);
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
};
