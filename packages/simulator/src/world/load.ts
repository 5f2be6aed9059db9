import type { NewRun } from "@workloops/local-lightning/run-ledger";
import type { Chance } from "./chance.ts";
import { drawJob } from "./job.ts";

/** How long a run of the world may take: a job that hangs is ended by it. */
const RUN_TIMEOUTS_MS = [5_000, 60_000];

const CONDITIONS = [null, "", "always", "on_job_success", "on_job_failure"];

/** A run to be made: one to three jobs in a chain, or two behind a first, and both before a fourth. */
export function drawRun(chance: Chance): NewRun {
  const meets = chance.happens(0.06);
  const count = meets ? 4 : 1 + chance.below(3);
  const forks = meets || (count === 3 && chance.happens(0.3));
  const ids = Array.from({ length: count }, (_, index) => `job-${index}`);
  const trigger = chance.pick(["trigger", "trigger-1"]);
  const jobs = ids.map((id) => ({
    id,
    ...(chance.happens(0.5) && { name: `the ${id}` }),
    ...(chance.happens(0.97) && { body: JSON.stringify(drawJob(chance)) }),
    ...(chance.happens(0.9) && { adaptor: "@openfn/language-common@3.2.3" }),
    ...(chance.happens(0.1) && { state: { data: { of: id } } }),
    ...(chance.happens(0.25) && { credential_id: `credential-${chance.below(3)}` }),
  }));
  const edges = [
    { id: "edge-t", source_trigger_id: trigger, target_job_id: "job-0", enabled: true },
    { id: "edge-u", source_trigger_id: "other", target_job_id: "job-1", enabled: true },
    { id: "edge-v", source_trigger_id: trigger, target_job_id: "job-9", enabled: false },
    ...(meets
      ? [{ id: "edge-m", source_job_id: "job-1", target_job_id: "job-3", enabled: true }]
      : []),
    ...ids.slice(1).map((id, index) => ({
      id: `edge-${index}`,
      source_job_id: forks && index < 2 ? "job-0" : `job-${index}`,
      target_job_id: id,
      enabled: !chance.happens(0.05),
      condition: chance.pick(CONDITIONS),
    })),
  ];
  return {
    queue: chance.pick(["default", "default", "fast_lane", "manual"]),
    triggers: [{ id: trigger }],
    jobs,
    edges,
    ...(chance.happens(0.9) && { startingNodeId: trigger }),
    credentials: new Map<string, unknown>([
      ["credential-0", { user: "ada", password: "very-secret" }],
      ["credential-1", { token: "also-secret" }],
      // An empty one, and one that cannot be given.
      ["credential-2", null],
    ]),
    options: {
      ...(chance.happens(0.97) && { run_timeout_ms: chance.pick(RUN_TIMEOUTS_MS) }),
      ...(chance.happens(0.25) && { output_dataclips: false }),
      ...(chance.happens(0.1) && { job_log_level: chance.pick(["none", "debug", "loud"]) }),
      ...(chance.happens(0.1) && { sanitize: chance.pick(["obfuscate", "remove", "scrub"]) }),
      ...(chance.happens(0.1) && { run_memory_limit_mb: chance.pick([0, 200]) }),
      ...(chance.happens(0.2) && { payload_limit_mb: 3, log_payload_limit_mb: 2 }),
    },
    extra: {
      ...(chance.happens(0.3) && { name: "a workflow" }),
      ...(chance.happens(0.1) && { globals: "export const answer = 42" }),
    },
    ...(chance.happens(0.8) && { input: '{"data":{"n":1}}' }),
  };
}
