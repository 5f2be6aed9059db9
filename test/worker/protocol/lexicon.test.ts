import type {
  CLAIM,
  GET_CREDENTIAL,
  GET_DATACLIP,
  GET_PLAN,
  RUN_COMPLETE,
  RUN_LOG,
  RUN_START,
  STEP_COMPLETE,
  STEP_START,
  ClaimPayload as TheirClaim,
  ClaimReply as TheirClaimReply,
  GetCredentialPayload as TheirFetchCredential,
  GetDataclipPayload as TheirFetchDataclip,
  RunLogLine as TheirLogLine,
  LightningPlan as TheirPlan,
  ExitReasonStrings as TheirReason,
  RunLogPayload as TheirRunBatch,
  RunCompletePayload as TheirRunComplete,
  RunStartPayload as TheirRunStart,
  StepCompletePayload as TheirStepComplete,
  StepStartPayload as TheirStepStart,
} from "@openfn/lexicon/lightning";
import { API_VERSION as theirVersion } from "@openfn/lexicon/lightning";
import {
  API_VERSION,
  type ClaimPayload,
  type ClaimReply,
  type FetchPayload,
  type LogLine,
  queueEvent,
  type RunBatchLogsPayload,
  type RunCompletePayload,
  type RunStartPayload,
  readLightningPlan,
  runEvent,
  type StepCompletePayload,
  type StepStartPayload,
  type WireExitReason,
} from "@workloops/worker/protocol";
import { expect, test } from "vitest";

const line = (ours: LogLine): TheirLogLine => ({
  ...ours,
  // They say texts and objects; numbers of a job's line travel too (protocol page, 4.8).
  message: ours.message as (string | object)[],
});

/** Does not compile where what we send is not what OpenFn's own types say. */
const sent = {
  claim: (ours: ClaimPayload): TheirClaim => ({ ...ours, queues: [...ours.queues] }),
  claimReply: (ours: ClaimReply): TheirClaimReply => ({ runs: [...ours.runs] }),
  fetchCredential: (ours: FetchPayload): TheirFetchCredential => ours,
  fetchDataclip: (ours: FetchPayload): TheirFetchDataclip => ours,
  runStart: (ours: RunStartPayload): TheirRunStart => ours,
  stepStart: (ours: StepStartPayload): TheirStepStart => ours,
  stepComplete: ({ webhook_response, ...ours }: StepCompletePayload): TheirStepComplete => ({
    ...ours,
    // What a job says goes as it is; the server judges it.
    ...(webhook_response !== undefined && {
      webhook_response: webhook_response as NonNullable<TheirStepComplete["webhook_response"]>,
    }),
  }),
  logLine: line,
  batch: (ours: RunBatchLogsPayload): TheirRunBatch => ({ ...ours, logs: ours.logs.map(line) }),
  runComplete: (ours: RunCompletePayload & { timestamp: string }): TheirRunComplete => ours,
  reason: (ours: WireExitReason): TheirReason => ours,
};

/** The names are theirs, as types and as texts. */
const names: readonly [
  [typeof queueEvent.claim, CLAIM],
  [typeof runEvent.fetchPlan, GET_PLAN],
  [typeof runEvent.fetchCredential, GET_CREDENTIAL],
  [typeof runEvent.fetchDataclip, GET_DATACLIP],
  [typeof runEvent.runStart, RUN_START],
  [typeof runEvent.runComplete, RUN_COMPLETE],
  [typeof runEvent.runLog, RUN_LOG],
  [typeof runEvent.stepStart, STEP_START],
  [typeof runEvent.stepComplete, STEP_COMPLETE],
] = [
  [queueEvent.claim, "claim"],
  [runEvent.fetchPlan, "fetch:plan"],
  [runEvent.fetchCredential, "fetch:credential"],
  [runEvent.fetchDataclip, "fetch:dataclip"],
  [runEvent.runStart, "run:start"],
  [runEvent.runComplete, "run:complete"],
  [runEvent.runLog, "run:log"],
  [runEvent.stepStart, "step:start"],
  [runEvent.stepComplete, "step:complete"],
];

test("payloads are those of @openfn/lexicon", () => {
  const claim = { demand: 1, worker_name: null, queues: ["*"] };
  expect(sent.claim(claim)).toEqual(claim);
  const ended = {
    step_id: "s",
    job_id: "a",
    mem: { job: 1, system: 2 },
    duration: 3,
    thread_id: "t",
    timestamp: "1700000000000000",
    reason: "success",
    error_type: null,
    error_message: null,
    webhook_response: { status: 201 },
  } as const;
  expect(sent.stepComplete(ended)).toEqual(ended);
});

test("events have the names of @openfn/lexicon", () => {
  for (const [ours, theirs] of names) expect(ours).toBe(theirs);
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
