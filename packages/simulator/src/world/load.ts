import type { NewRun } from "@workloops/local-lightning/run-ledger";
import type { Chance } from "./chance.ts";
import { drawJob } from "./job.ts";

/** How long a run of the world may take: a job that hangs is ended by it. */
const RUN_TIMEOUTS_MS = [5_000, 60_000];

/** A run to be made: one to three jobs in a chain, or two behind a first. */
export function drawRun(chance: Chance): NewRun {
  const count = 1 + chance.below(3);
  const forks = count === 3 && chance.happens(0.3);
  const ids = Array.from({ length: count }, (_, index) => `job-${index}`);
  const jobs = ids.map((id) => ({
    id,
    name: id,
    body: JSON.stringify(drawJob(chance)),
    adaptor: "@openfn/language-common@3.2.3",
    ...(chance.happens(0.2) && { credential_id: `credential-${chance.below(2)}` }),
  }));
  const edges = [
    { id: "edge-t", source_trigger_id: "trigger", target_job_id: "job-0", enabled: true },
    ...ids.slice(1).map((id, index) => ({
      id: `edge-${index}`,
      source_job_id: forks ? "job-0" : `job-${index}`,
      target_job_id: id,
      enabled: true,
    })),
  ];
  return {
    queue: chance.pick(["default", "default", "fast_lane", "manual"]),
    triggers: [{ id: "trigger" }],
    jobs,
    edges,
    startingNodeId: "trigger",
    credentials: new Map<string, unknown>([
      ["credential-0", { user: "ada", password: "very-secret" }],
      ["credential-1", { token: "also-secret" }],
    ]),
    options: {
      run_timeout_ms: chance.pick(RUN_TIMEOUTS_MS),
      ...(chance.happens(0.1) && { output_dataclips: false }),
    },
    ...(chance.happens(0.8) && { input: '{"data":{"n":1}}' }),
  };
}
