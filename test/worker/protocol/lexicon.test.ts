import type {
  ClaimPayload as TheirClaim,
  ClaimReply as TheirClaimReply,
  RunLogLine as TheirLogLine,
  LightningPlan as TheirPlan,
  RunCompletePayload as TheirRunComplete,
  StepStartPayload as TheirStepStart,
} from "@openfn/lexicon/lightning";
import { API_VERSION as theirVersion } from "@openfn/lexicon/lightning";
import {
  API_VERSION,
  type ClaimPayload,
  type ClaimReply,
  type LogLine,
  type RunCompletePayload,
  readLightningPlan,
  type StepStartPayload,
} from "@workloops/worker/protocol";
import { expect, test } from "vitest";

/** Does not compile where what we send is not what OpenFn's own types say. */
const sent = {
  claim: (ours: ClaimPayload): TheirClaim => ({ ...ours, queues: [...ours.queues] }),
  claimReply: (ours: ClaimReply): TheirClaimReply => ({ runs: [...ours.runs] }),
  stepStart: (ours: StepStartPayload): TheirStepStart => ours,
  logLine: (ours: LogLine): TheirLogLine => ({
    ...ours,
    message: ours.message as (string | object)[],
  }),
  runComplete: (ours: RunCompletePayload & { timestamp: string }): TheirRunComplete => ours,
};

test("payloads are those of @openfn/lexicon", () => {
  const claim = { demand: 1, worker_name: null, queues: ["*"] };
  expect(sent.claim(claim)).toEqual(claim);
});

test("a plan of @openfn/lexicon is read", () => {
  const theirs: TheirPlan = {
    id: "p",
    dataclip_id: "d",
    starting_node_id: "t",
    triggers: [{ id: "t", type: "webhook" }],
    jobs: [{ id: "a", adaptor: "@openfn/language-common@3.2.3", body: "fn()" }],
    edges: [
      { id: "e", source_trigger_id: "t", target_job_id: "a", condition: "always", enabled: true },
    ],
    options: { run_timeout_ms: 1, output_dataclips: true, job_log_level: "debug" },
  };
  expect(readLightningPlan(theirs)).toMatchObject({ ok: true, value: { jobs: [{ id: "a" }] } });
});

test("the version of the contract is theirs", () => {
  expect(Number(API_VERSION)).toBe(theirVersion);
});
