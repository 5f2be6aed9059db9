import { faultTable } from "@workloops/local-lightning";
import { describe, expect, test } from "vitest";
import { startDesk } from "./desk.ts";
import { claimCases } from "./faults/claim-cases.ts";
import { connectionCases } from "./faults/connection-cases.ts";
import { runCases } from "./faults/run-cases.ts";
import { claim, stateOf } from "./faults/scene.ts";
import { serverCases } from "./faults/server-cases.ts";
import { takeRun, tellRun } from "./work.ts";

/** For each kind of the table, what a worker sees of it. */
const cases = { ...connectionCases, ...claimCases, ...runCases, ...serverCases };

describe("POST /faults", () => {
  test("has a test for each kind of the table", () => {
    expect(Object.keys(cases)).toEqual(faultTable.map(({ kind }) => kind));
  });

  test("has a kind for each row of the matrix that a server can cause", () => {
    const caused = new Set(faultTable.flatMap(({ matrix }) => matrix));
    // The others are a worker's own: it is killed, its child, its disk or its clock is at fault.
    const ofTheWorker = [17, 19, 20, 21, 22, 23, 24, 25];
    const rows = Array.from({ length: 28 }, (_, n) => n + 1);
    expect(rows.filter((row) => !caused.has(row))).toEqual(ofTheWorker);
  });

  test.each(Object.entries(cases))("%s", async (kind, act) => {
    const desk = await startDesk();
    const worker = await desk.worker();
    await worker.join("worker:queue");
    const runId = await desk.run();
    await worker.frame(({ event }) => event === "work-available");
    await act({ desk, worker, runId }, kind);
    const { body } = await desk.get("/faults");
    const { fired } = body as { fired: Readonly<Record<string, number>> };
    expect(fired[kind]).toBeGreaterThan(0);
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
    [{ kind: "claim-lost", times: 0 }, "times: 0 is never"],
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
