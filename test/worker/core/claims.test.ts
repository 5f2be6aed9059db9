import { snapshot } from "@workloops/worker/core";
import { QUEUE_TOPIC } from "@workloops/worker/protocol";
import { describe, expect, test } from "vitest";
import { ScriptedWorker } from "./scripted-worker.ts";

const demands = (worker: ScriptedWorker, chain: string) =>
  worker.claims(chain).map(({ payload }) => (payload as { demand: number }).demand);

describe("a lane claims", () => {
  test("for all its free slots at once, as soon as the queue is joined", () => {
    const worker = new ScriptedWorker("fast_lane:2 manual>*:3", { workerName: "w1" })
      .start()
      .join();
    expect(worker.lastSent("phx_join", QUEUE_TOPIC).payload).toEqual({
      capacity: 5,
      queues: { fast_lane: 2, "manual>*": 3 },
    });
    expect(worker.claims().map((claim) => claim.payload)).toEqual([
      { demand: 2, worker_name: "w1", queues: ["fast_lane"] },
      { demand: 3, worker_name: "w1", queues: ["manual", "*"] },
    ]);
  });

  test("once at a time, however long the reply takes", () => {
    const worker = new ScriptedWorker("*:3").start().join();
    worker.pass(19_000);
    worker.wake();
    expect(worker.claims()).toHaveLength(1);
  });

  test("again after a wait between the bounds of its backoff", () => {
    const worker = new ScriptedWorker("*:1").start().join();
    for (let round = 0; round < 50; round += 1) {
      worker.grant("*");
      const wait = worker.lane("*").nextClaimAt - worker.now;
      expect(wait).toBeGreaterThanOrEqual(1_000);
      expect(wait).toBeLessThanOrEqual(10_000);
      worker.pass(wait);
      expect(worker.claims()).toHaveLength(round + 2);
    }
    expect(worker.lane("*").backoffMs).toBe(10_000);
  });

  test.each([
    ["nothing", 0, 0],
    ["10 runs", 10, 0],
    ["30 runs", 30, 0],
    ["30 runs and 10 reconnects", 30, 10],
  ])("no more often while it idles after %s", (_name, runs, reconnects) => {
    const worker = new ScriptedWorker("*:1").start().join();
    for (let n = 0; n < runs; n += 1) {
      worker.grant("*", `run-${n}`);
      worker.wake();
      worker.execute(`run-${n}`);
      worker.finish(`run-${n}`);
    }
    for (let n = 0; n < reconnects; n += 1) {
      worker.close();
      worker.pass(5_000);
      worker.join();
    }
    worker.grant("*");
    const before = worker.claims().length;
    const end = worker.now + 30_000;
    while (worker.lane("*").nextClaimAt <= end) {
      worker.pass(worker.lane("*").nextClaimAt - worker.now);
      worker.grant("*");
    }
    // Each wait is a second at least; as it grows to 10 s, half as many are usual.
    expect(worker.claims().length - before).toBeLessThanOrEqual(15);
  });

  test("not while it is full, and at once when a run has ended", () => {
    const worker = new ScriptedWorker("*:2").start().join();
    worker.grant("*", "a", "b");
    worker.pass(60_000);
    worker.wake();
    expect(worker.claims()).toHaveLength(1);
    worker.execute("a");
    worker.finish("a");
    expect(demands(worker, "*")).toEqual([2, 1]);
  });

  test("for the rest where it got less than it asked for", () => {
    const worker = new ScriptedWorker("*:5").start().join();
    worker.grant("*", "a", "b");
    worker.pass(1_000);
    expect(demands(worker, "*")).toEqual([5, 3]);
  });

  test("only when told to where polling is off", () => {
    const worker = new ScriptedWorker("*:1", { polling: false }).start().join();
    worker.pass(60_000);
    worker.wake();
    expect(worker.claims()).toHaveLength(0);
    worker.tell({ type: "claim-now" });
    expect(worker.claims()).toHaveLength(1);
    worker.grant("*");
    worker.pass(60_000);
    expect(worker.claims()).toHaveLength(1);
  });
});

describe("a wake-up", () => {
  test("makes each lane with room claim once", () => {
    const worker = new ScriptedWorker("a:1 b:1 c:1").start().join();
    worker.grant("a", "run");
    worker.grant("b");
    worker.grant("c");
    worker.wake();
    expect(["a", "b", "c"].map((chain) => worker.claims(chain).length)).toEqual([1, 2, 2]);
  });

  test("during a claim is remembered once", () => {
    const worker = new ScriptedWorker("*:1").start().join();
    for (let n = 0; n < 5; n += 1) worker.wake();
    worker.grant("*");
    expect(worker.claims()).toHaveLength(2);
    worker.grant("*");
    worker.pass(999);
    expect(worker.claims()).toHaveLength(2);
  });

  test("storm of 200 in 100 ms makes two claims", () => {
    const worker = new ScriptedWorker("*:5", { backoffMinMs: 10_000 }).start().join();
    worker.grant("*");
    for (let n = 0; n < 200; n += 1) {
      worker.wake();
      if (worker.lane("*").claim !== undefined) worker.grant("*");
      worker.pass(0.5);
    }
    worker.pass(5_000);
    expect(worker.claims()).toHaveLength(3);
  });

  test("during a claim that brought a run is not blamed for the empty claim after that run", () => {
    const worker = new ScriptedWorker("*:1").start().join();
    worker.wake();
    worker.grant("*", "a");
    worker.execute("a");
    worker.finish("a");
    worker.grant("*");
    worker.wake();
    expect(worker.claims()).toHaveLength(3);
  });

  test("right behind a claim reply does not overfill the lane", () => {
    const worker = new ScriptedWorker("fast_lane:1").start().join();
    worker.grant("fast_lane", "a");
    worker.wake();
    worker.wake();
    expect(worker.claims()).toHaveLength(1);
    expect(worker.lane("fast_lane").active).toBe(1);
  });
});

describe("a claim that goes wrong", () => {
  test("refused: its lane alone backs off", () => {
    const worker = new ScriptedWorker("a:1 b:1").start().join();
    worker.reply(worker.lastClaim("a"), "error", { reason: "busy" });
    expect(worker.lane("a").last?.outcome).toBe("refused");
    expect(worker.lane("b").claim).toBeDefined();
    worker.pass(1_500);
    expect(worker.claims("a")).toHaveLength(2);
  });

  test("unanswered for 20 s: its slots are free again, and the lane goes on", () => {
    const worker = new ScriptedWorker("*:2").start().join();
    worker.pass(19_999);
    expect(worker.lane("*").claim).toBeDefined();
    worker.pass(1);
    expect(worker.lane("*")).toMatchObject({ claim: undefined, last: { outcome: "unanswered" } });
    worker.pass(1_500);
    expect(demands(worker, "*")).toEqual([2, 2]);
  });

  test("answered late: its runs are executed where there is room, else kept in order", () => {
    const worker = new ScriptedWorker("*:1").start().join();
    const late = worker.lastClaim("*");
    worker.pass(22_000);
    expect(worker.claims()).toHaveLength(2);
    const run = (id: string) => ({ id, token: "t" });
    worker.reply(late, "ok", { runs: [run("a"), run("b")] });
    expect(worker.lane("*")).toMatchObject({ active: 0, surplus: [run("a"), run("b")] });
    worker.grant("*");
    expect(worker.lane("*")).toMatchObject({ active: 1, surplus: [run("b")] });
    worker.execute("a");
    worker.finish("a");
    expect(worker.lane("*")).toMatchObject({ active: 1, surplus: [] });
  });

  test("answered twice: each run executes once", () => {
    const worker = new ScriptedWorker("*:2").start().join();
    worker.grant("*", "a");
    worker.grant("*", "a");
    expect(worker.lane("*").active).toBe(1);
    worker.pass(2_000);
    worker.grant("*", "a");
    expect(worker.lane("*")).toMatchObject({ active: 1, surplus: [] });
    worker.execute("a");
    worker.finish("a");
    worker.grant("*", "a");
    expect(worker.state.runs.size).toBe(0);
  });

  test("open when the socket goes: no slot stays held, and the lane claims after the reconnect", () => {
    const worker = new ScriptedWorker("a:1 b:2").start().join();
    worker.close();
    expect(worker.state.lanes.map((lane) => lane.claim)).toEqual([undefined, undefined]);
    worker.pass(5_000);
    worker.join();
    expect(demands(worker, "a")).toEqual([1, 1]);
    expect(demands(worker, "b")).toEqual([2, 2]);
  });

  test("answered with more than was asked for: capacity holds, and what cannot wait is ended", () => {
    const worker = new ScriptedWorker("*:2").start().join();
    worker.grant("*", ..."abcdefgh");
    expect(worker.lane("*").active).toBe(2);
    expect(worker.lane("*").surplus.map((run) => run.id)).toEqual([..."cdef"]);
    worker.tell({
      type: "token-checked",
      run: "g",
      verdict: { ok: true, value: { expiresAt: undefined } },
    });
    worker.reply(worker.lastSent("phx_join", "run:g"), "ok", {});
    worker.answerEvents("g");
    expect(worker.lastSent("run:complete", "run:g").payload).toEqual({
      reason: "exception",
      error_type: "WorkerStopped",
      error_message:
        "The worker did not execute this run: the server handed out more runs than this lane can hold.",
    });
  });

  test.each([
    ["a reply without runs", {}],
    ["a reply that is a list", []],
    ["a reply that is text", "no"],
    ["a reply whose runs are no list", { runs: { length: 3 } }],
  ])("%s costs its lane a backoff and nothing else", (_name, response) => {
    const worker = new ScriptedWorker("*:1").start().join();
    worker.reply(worker.lastClaim("*"), "ok", response);
    expect(worker.lane("*")).toMatchObject({ active: 0, last: { outcome: "refused" } });
  });

  test("a bad run among good ones does not cost the good ones", () => {
    const worker = new ScriptedWorker("*:3").start().join();
    worker.reply(worker.lastClaim("*"), "ok", {
      runs: [
        { id: "a", token: "t" },
        { id: 7 },
        null,
        { id: "b/../c", token: "t" },
        { id: "d", token: "t" },
      ],
    });
    expect([...worker.state.runs.keys()]).toEqual(["a", "d"]);
  });
});

describe("a lane says in one sentence why it does not claim:", () => {
  const why = (worker: ScriptedWorker, chain = "*") =>
    snapshot(worker.state, worker.now).lanes.find((lane) => lane.chain === chain)?.whyNotClaiming;
  const joined = (settings = {}) => new ScriptedWorker("*:1", settings).start().join();
  const due = "the next claim is due in [0-9.]+ s";

  test("full", () => {
    const worker = joined();
    worker.grant("*", "run");
    expect(why(worker)).toBe("full: all 1 slots hold a run");
  });

  test("backing off, though its last claim brought a run", () => {
    const worker = new ScriptedWorker("*:2").start().join();
    worker.grant("*", "run");
    expect(why(worker)).toMatch(new RegExp(`^backing off; ${due}$`));
    worker.pass(1_000);
    expect(why(worker)).toBe(null);
  });

  test("not joined", () => {
    const worker = new ScriptedWorker("*:1").start();
    expect(why(worker)).toBe("the worker has not joined Lightning's queue");
    worker.join();
    worker.close();
    expect(why(worker)).toBe("the worker has not joined Lightning's queue");
  });

  test("unanswered, and since when", () => {
    const worker = joined();
    expect(why(worker)).toBe(null);
    worker.pass(7_900);
    expect(why(worker)).toBe("its claim is unanswered for 7 s");
    worker.pass(12_100);
    expect(why(worker)).toMatch(new RegExp(`^its last claim was not answered; ${due}$`));
  });

  test("the server answered empty", () => {
    const worker = joined();
    worker.grant("*");
    const [, seconds] =
      /^the server had nothing for it; the next claim is due in ([0-9.]+) s$/.exec(
        why(worker) ?? "",
      ) ?? [];
    const { nextClaimInMs } = snapshot(worker.state, worker.now).lanes[0] ?? {};
    expect(Number(seconds) * 1_000).toBeCloseTo(nextClaimInMs ?? -1, -2);
  });

  test("the server refused", () => {
    const worker = joined();
    worker.reply(worker.lastClaim("*"), "error", { reason: "busy" });
    expect(why(worker)).toMatch(new RegExp(`^its last claim was refused; ${due}$`));
  });

  test("polling is off", () => {
    expect(why(joined({ polling: false }))).toBe(
      "polling is off: it claims only when it is told to",
    );
  });

  test("it is draining, or has not started", () => {
    const worker = new ScriptedWorker("*:1");
    expect(why(worker)).toBe("the worker has not started");
    worker.start().join();
    worker.tell({ type: "drain", withinMs: 1_000 });
    expect(why(worker)).toBe("the worker is draining");
  });
});
