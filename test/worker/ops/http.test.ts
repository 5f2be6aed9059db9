import { initialState, snapshot, type WorkerState } from "@workloops/worker/core";
import { afterEach, describe, expect, test } from "vitest";
import { type Ops, serveOps } from "../../../packages/worker/src/ops/http.ts";
import { createMetrics } from "../../../packages/worker/src/ops/metrics.ts";
import { ScriptedWorker, settingsOf } from "../core/scripted-worker.ts";

let ops: Ops | undefined;

afterEach(async () => {
  await ops?.close();
  ops = undefined;
});

async function serve(worker: ScriptedWorker, token?: string, journalNotes: readonly string[] = []) {
  const look = () => snapshot(worker.state, worker.now);
  const metrics = createMetrics(
    worker.state.lanes.map((lane) => lane.chain),
    "1.2.3",
    look,
  );
  for (const effect of worker.effects) {
    if (effect.type === "observe") metrics.observe(effect.observation);
  }
  ops = await serveOps({
    port: 0,
    host: "127.0.0.1",
    token,
    version: "1.2.3",
    snapshot: look,
    journalNotes: () => journalNotes,
    metrics,
    claimNow: () => worker.tell({ type: "claim-now" }),
  });
  const { port } = ops;
  return async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
    return { status: response.status, text: await response.text() };
  };
}

const started = (configuration: string) => new ScriptedWorker(configuration).start();

describe("health", () => {
  test("/ and /livez answer 200 whatever Lightning does", async () => {
    const get = await serve(started("*:1"));
    expect(await get("/")).toEqual({ status: 200, text: "ok\n" });
    expect(await get("/livez")).toMatchObject({ status: 200 });
    expect(await get("/livez", { method: "HEAD" })).toEqual({ status: 200, text: "" });
  });

  test.each([
    ["not joined", () => started("*:1"), 503, "the worker has not joined Lightning's queue"],
    ["joined", () => started("*:1").join(), 200, undefined],
    [
      "full",
      () => {
        const worker = started("*:1").join();
        worker.grant("*", "a");
        return worker;
      },
      200,
      undefined,
    ],
    [
      "a lane that is not answered",
      () => {
        const worker = started("a:1 b:1").join();
        worker.grant("b");
        worker.pass(11_000);
        return worker;
      },
      503,
      "lane a: its claim is unanswered for 11 s",
    ],
    [
      "a lane that is refused",
      () => {
        const worker = started("a:1").join();
        worker.reply(worker.lastClaim("a"), "error", {});
        return worker;
      },
      503,
      "lane a: its last claim was refused",
    ],
    [
      "draining",
      () => {
        const worker = started("*:1").join();
        worker.tell({ type: "drain", withinMs: 60_000 });
        return worker;
      },
      503,
      "the worker is draining",
    ],
  ])("/readyz: %s", async (_name, make, status, reason) => {
    const get = await serve(make(), undefined, ["the disk is full"]);
    const answer = await get("/readyz");
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toEqual({
      ready: status === 200,
      reasons: reason === undefined ? [] : [reason],
      notes: ["journal: the disk is full"],
    });
  });
});

describe("status and claim", () => {
  test("are closed without a token of the worker, and refuse a wrong one", async () => {
    const closed = await serve(started("*:1").join());
    expect(await closed("/status")).toMatchObject({ status: 403 });
    await ops?.close();
    const get = await serve(started("*:1").join(), "secret");
    expect(await get("/status")).toMatchObject({ status: 401 });
    expect(
      await get("/claim", { method: "POST", headers: { authorization: "Bearer wrong" } }),
    ).toMatchObject({ status: 401 });
  });

  test("/status gives each lane, without tokens or payloads", async () => {
    const worker = started("fast_lane:1 *:2").join();
    worker.grant("fast_lane", "a");
    const get = await serve(worker, "secret");
    const { status, text } = await get("/status", { headers: { authorization: "Bearer secret" } });
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({
      version: "1.2.3",
      joined: true,
      capacity: 3,
      lanes: [
        { chain: "fast_lane", mode: "strict", capacity: 1, active: 1, runs: [{ id: "a" }] },
        { chain: "*", mode: "preferring", permitted: 2 },
      ],
    });
    expect(text).not.toContain("token of a");
  });

  test("/claim makes lanes with room claim", async () => {
    const worker = started("*:1").join();
    worker.grant("*");
    const get = await serve(worker, "secret");
    const init = { method: "POST", headers: { authorization: "Bearer secret" } };
    expect(await get("/claim", init)).toEqual({ status: 200, text: "complete" });
    worker.grant("*", "a");
    expect(await get("/claim", init)).toEqual({ status: 204, text: "" });
    expect(worker.claims()).toHaveLength(2);
  });

  test("everything else is not found", async () => {
    const get = await serve(started("*:1"));
    expect(await get("/nothing")).toMatchObject({ status: 404 });
    expect(await get("/claim")).toMatchObject({ status: 404 });
  });
});

describe("metrics", () => {
  test("tell each lane's slots, claims and runs, and no run's id", async () => {
    const worker = started("fast_lane:1 *:2 *:3").join();
    worker.grant("fast_lane", "run-id");
    worker.execute("run-id");
    worker.finish("run-id");
    const get = await serve(worker);
    const { text } = await get("/metrics");
    const lines = text.split("\n");
    expect(lines).toContain('workloops_lane_slots{lane="fast_lane"} 1');
    expect(lines).toContain('workloops_lane_slots{lane="*"} 2');
    expect(lines).toContain('workloops_lane_slots{lane="*#3"} 3');
    expect(lines).toContain('workloops_claims_total{lane="fast_lane",outcome="granted"} 1');
    expect(lines).toContain('workloops_runs_total{lane="fast_lane",outcome="success"} 1');
    expect(lines).toContain("workloops_connected 1");
    expect(text).not.toContain("run-id");
    expect(text).not.toContain("token");
  });

  test("every series of a counter is there, at 0, before its first event", async () => {
    const { text } = createMetrics(["a", "b"], "1", () =>
      snapshot(initialState(settingsOf("a:1 b:1"), [1, 1, 1, 1]), 0),
    );
    const lines = (await text()).split("\n");
    for (const lane of ["a", "b"]) {
      for (const outcome of ["granted", "empty", "refused", "unanswered", "lost"]) {
        expect(lines).toContain(`workloops_claims_total{lane="${lane}",outcome="${outcome}"} 0`);
      }
      for (const outcome of ["success", "fail", "crash", "kill", "exception", "lost"]) {
        expect(lines).toContain(`workloops_runs_total{lane="${lane}",outcome="${outcome}"} 0`);
      }
      for (const name of ["claimed_runs_total", "late_claim_runs_total", "run_seconds_count"]) {
        expect(lines).toContain(`workloops_${name}{lane="${lane}"} 0`);
      }
    }
    expect(lines).toContain("workloops_reconnects_total 0");
    expect(lines).toContain("workloops_disconnects_total 0");
  });

  test("their names are an API", async () => {
    const state: WorkerState = initialState(settingsOf("*:1"), [1, 1, 1, 1]);
    const { text } = createMetrics(["*"], "1", () => snapshot(state, 0));
    const names = [...(await text()).matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1]);
    expect(names.sort()).toEqual([
      "workloops_build_info",
      "workloops_claim_seconds",
      "workloops_claim_to_start_seconds",
      "workloops_claimed_runs_total",
      "workloops_claims_total",
      "workloops_connected",
      "workloops_disconnects_total",
      "workloops_draining",
      "workloops_lane_slots",
      "workloops_lane_slots_free",
      "workloops_lane_slots_used",
      "workloops_lane_surplus_runs",
      "workloops_late_claim_runs_total",
      "workloops_reconnects_total",
      "workloops_resident_memory_bytes",
      "workloops_run_seconds",
      "workloops_runs_total",
    ]);
  });
});
