import { describe, expect, test } from "vitest";
import type { LightningPort } from "../lightning-port.ts";
import { runsOf } from "./claims.ts";
import { clip, other, reach, stamp, step } from "./situation.ts";

const unauthorized = { status: "error", response: { reason: "unauthorized" } };

/** What holds over several events: sections 4 and 5 of the protocol page. */
export function lifeConformance(start: () => Promise<LightningPort>): void {
  describe("a run", () => {
    test("is opened by its own token only", async () => {
      const { lightning, worker, runId, token } = await reach(start, "claimed");
      const second = await lightning.addRun();
      for (const payload of [{}, null, { token: 1 }, { token: "a.b.c" }, { token: `${token}x` }])
        expect(await worker.joinRun(runId, payload)).toEqual(unauthorized);
      expect(await worker.joinRun(second, { token })).toEqual(unauthorized);
      expect(await worker.joinRun(runId, { token })).toEqual({ status: "ok", response: {} });
      await lightning.close();
    });

    test("has a plan in Lightning's shape", async () => {
      const spec = { jobs: ["a", "b"], input: { x: 1 } };
      const { lightning, say, runId } = await reach(start, "claimed", spec);
      const { response } = await say("fetch:plan", "ignored");
      expect(response).toMatchObject({
        id: runId,
        project_id: expect.any(String),
        dataclip_id: expect.any(String),
        triggers: [],
        jobs: [{ id: "a" }, { id: "b" }],
        edges: [],
        options: { output_dataclips: true, run_timeout_ms: 300_000 },
        meta: { work_order_id: expect.any(String), workflow_id: expect.any(String) },
      });
      await lightning.close();
    });

    test("whose dataclips are not saved loses its input by reading it", async () => {
      const { lightning, say } = await reach(start, "claimed", {
        input: [1],
        savesDataclips: false,
      });
      expect((await say("fetch:dataclip", {})).response).toBe("[1]");
      expect((await say("fetch:dataclip", {})).response).toBe("null");
      await lightning.close();
    });

    test("keeps what its worker told, in order", async () => {
      const { lightning, say, runId } = await reach(start, "stepped");
      const level = "warn";
      await say("run:log", { message: ["a", { b: 1 }, 2, null], timestamp: stamp, level });
      await say("run:batch_logs", { logs: [{ message: "bell \u0007", timestamp: stamp }] });
      const output = { output_dataclip_id: clip, output_dataclip: "[1]" };
      await say("step:complete", { step_id: step, reason: "success", ...output });
      await say("step:start", { step_id: other, job_id: "job", input_dataclip_id: clip });
      await say("step:complete", { step_id: other, reason: "fail" });
      const error = { error_type: "JobError", error_message: "no" };
      await say("run:complete", {
        reason: "fail",
        ...error,
        final_state: { z: 1 },
        final_dataclip_id: clip,
      });
      expect(await lightning.outcome(runId)).toMatchObject({
        ...{ state: "failed", reason: "fail", errorType: "JobError", finalState: { z: 1 } },
        startedAt: Number(stamp),
        logs: [
          { message: 'a {"b":1} 2 null', level: "warn" },
          { message: "bell \ufffd", level: "info" },
        ],
        steps: [
          { id: step, reason: "success", output: { value: [1] } },
          { id: other, reason: "fail", output: null },
        ],
      });
      expect(await lightning.violations()).toEqual([]);
      await lightning.close();
    });

    test("keeps a credential's values out of the lines of the channel that fetched it", async () => {
      const credentials = { c: { token: "hush", nested: { pin: 4711 } } };
      const { lightning, say, runId } = await reach(start, "started", { credentials });
      const line = { message: "hush 4711 hushed", timestamp: stamp };
      await say("run:log", line);
      await say("fetch:credential", { id: "c" });
      await say("run:log", line);
      const { logs } = await lightning.outcome(runId);
      expect(logs.map(({ message }) => message)).toEqual(["hush 4711 hushed", "*** *** ***ed"]);
      await lightning.close();
    });

    test("is completed by the channel it had, even when it was called lost", async () => {
      const { lightning, say, runId } = await reach(start, "started");
      await lightning.lose(runId);
      expect(await lightning.outcome(runId)).toMatchObject({
        state: "lost",
        errorType: "LostAfterStart",
      });
      expect((await say("run:complete", { reason: "success" })).status).toBe("ok");
      expect((await lightning.outcome(runId)).ends).toEqual(["lost", "success"]);
      expect(await lightning.violations()).toEqual(["ghost-transition"]);
      await lightning.close();
    });

    test("that was called lost is over for a channel that joined since", async () => {
      const { lightning, worker, say, runId, token } = await reach(start, "started");
      await lightning.lose(runId);
      await worker.joinRun(runId, { token });
      expect(await say("run:complete", { reason: "success" })).toEqual({
        status: "error",
        response: { state: ["already in completed state"] },
      });
      expect((await lightning.outcome(runId)).ends).toEqual(["lost"]);
      await lightning.close();
    });

    test("takes the same event twice without an accusation", async () => {
      const { lightning, worker, say, runId, token } = await reach(start, "started");
      const output = { output_dataclip_id: clip, output_dataclip: "{}" };
      const events: [string, object][] = [
        ["run:start", { timestamp: stamp }],
        ["step:start", { step_id: step, job_id: "job" }],
        ["step:complete", { step_id: step, reason: "success", ...output }],
        ["run:complete", { reason: "success" }],
      ];
      const answers: string[] = [];
      for (const [event, payload] of events) {
        await say(event, payload);
        await worker.joinRun(runId, { token });
        answers.push((await say(event, payload)).status);
      }
      expect(answers).toEqual(["ok", "error", "error", "error"]);
      expect(await lightning.violations()).toEqual([]);
      expect((await lightning.outcome(runId)).ends).toEqual(["success"]);
      await lightning.close();
    });
  });

  describe("a worker is accused", () => {
    const cases: readonly [string, string, [string, object][]][] = [
      ["executed-twice", "started", [["run:start", { timestamp: "1790000000000002" }]]],
      ["executed-twice", "stepped", [["run:start", { timestamp: stamp }]]],
      ["out-of-order", "claimed", [["step:start", { step_id: step, job_id: "job" }]]],
      ["out-of-order", "started", [["step:complete", { step_id: step, reason: "success" }]]],
      ["out-of-order", "started", [["run:log", { message: "m", timestamp: stamp, step_id: step }]]],
      ["success-with-open-steps", "stepped", [["run:complete", { reason: "success" }]]],
      [
        "ended-twice",
        "started",
        [
          ["run:complete", { reason: "success" }],
          ["run:complete", { reason: "fail" }],
        ],
      ],
      [
        "event-after-end",
        "started",
        [
          ["run:complete", { reason: "success" }],
          ["run:log", { message: "m", timestamp: stamp }],
        ],
      ],
    ];
    test.each(cases)("of %s when %s", async (kind, until, events) => {
      const { lightning, say } = await reach(start, until as "claimed" | "started" | "stepped");
      for (const [event, payload] of events) await say(event, payload);
      expect(await lightning.violations()).toEqual([kind]);
      await lightning.close();
    });

    test("of over-capacity when more runs are started than it has slots", async () => {
      const lightning = await start();
      const worker = await lightning.worker("w");
      await worker.joinQueue({ capacity: 3, queues: { fast_lane: 1, "*": 2 } });
      for (const queue of ["fast_lane", "fast_lane"] as const) await lightning.addRun({ queue });
      const claim = { demand: 2, worker_name: null, queues: ["fast_lane"] };
      for (const { id, token } of runsOf(await worker.claim(claim))) {
        await worker.joinRun(id, { token });
        await worker.event(id, "run:start", {});
      }
      expect(await lightning.violations()).toEqual(["over-capacity"]);
      await lightning.close();
    });
  });
}
