import type { RunEvent } from "@workloops/worker/core";
import { ScriptedWorker } from "./scripted-worker.ts";

export const plan = {
  id: "plan",
  dataclip_id: "clip",
  starting_node_id: "t",
  triggers: [{ id: "t" }],
  jobs: [
    { id: "a", body: "fn()", adaptor: "@openfn/language-common@1.0.0", credential_id: "cred" },
    { id: "b", body: "fn()", credential_id: "cred" },
  ],
  edges: [
    { source_trigger_id: "t", target_job_id: "a", enabled: true, condition: "always" },
    { source_job_id: "a", target_job_id: "b", enabled: true, condition: "on_job_success" },
  ],
  options: { run_timeout_ms: 1_000 },
};

/** A worker that holds run r, joined. */
export function joined(change = {}): ScriptedWorker {
  const worker = new ScriptedWorker("*:1", change).start().join();
  worker.grant("*", "r");
  worker.tell({
    type: "token-checked",
    run: "r",
    verdict: { ok: true, value: { expiresAt: undefined } },
  });
  worker.reply(worker.lastSent("phx_join", "run:r"), "ok", {});
  return worker;
}

/** The same, with the plan above executing. */
export function executing(change = {}): ScriptedWorker {
  const worker = joined(change);
  worker.reply(worker.lastSent("fetch:plan"), "ok", plan);
  worker.reply(worker.lastSent("fetch:dataclip"), "ok", new TextEncoder().encode('{"x":1}'));
  worker.reply(worker.lastSent("fetch:credential"), "ok", { user: "u" });
  worker.tell({ type: "journalled", run: "r" });
  return worker;
}

export const say = (worker: ScriptedWorker, ...events: readonly RunEvent[]) => {
  for (const event of events) worker.tell({ type: "run-event", run: "r", event });
};

export const line = (time: number): RunEvent => ({
  type: "log",
  time,
  level: "info",
  source: "JOB",
  message: ["m"],
});
export const start = {
  type: "workflow-start",
  time: 1_000,
  versions: { node: "20" },
} as const satisfies RunEvent;
export const stepStart = {
  type: "step-start",
  time: 2_000.5,
  stepId: "a",
  visit: 1,
} as const satisfies RunEvent;
export const stepComplete = {
  type: "step-complete",
  time: 3_000,
  stepId: "a",
  visit: 1,
  durationMs: 5,
  memory: { job: 1, system: 2 },
  threadId: "7",
  output: "{}",
  next: [],
} as const satisfies RunEvent;
export const complete = {
  type: "workflow-complete",
  time: 4_000,
  durationMs: 9,
  finalState: '{"y":2}',
} as const satisfies RunEvent;
