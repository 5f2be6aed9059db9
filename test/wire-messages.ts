import {
  readBytes,
  readClaim,
  readClaimReply,
  readLightningPlan,
  readQueueJoin,
  readReply,
  readRunClaims,
  sayRefusal,
} from "@workloops/worker/protocol";
import {
  anything,
  bytes,
  each,
  either,
  fields,
  list,
  nothing,
  number,
  oneOf,
  optional,
  type Shape,
  text,
  truth,
} from "./shape.ts";

/** Stands wherever a message holds a secret, so that it is found again where it must not be. */
export const SECRET = "s3cr3t.of-this.message";

/** A plan with everything that it may hold. */
export const fullPlan = {
  id: "plan",
  name: "n",
  project_id: "project",
  dataclip_id: "clip",
  starting_node_id: "t",
  triggers: [{ id: "t", type: "webhook" }],
  jobs: [
    {
      id: "a",
      name: "A",
      body: "fn((s) => s)",
      adaptor: "@openfn/language-common@3.2.3",
      credential_id: "cred",
      state: { data: {} },
    },
    { id: "b", body: "", credential: { password: SECRET } },
  ],
  edges: [
    {
      id: "e",
      source_trigger_id: "t",
      source_job_id: null,
      target_job_id: "a",
      condition: "always",
      enabled: true,
    },
    { source_job_id: "a", target_job_id: "b", condition: "on_job_success", enabled: true },
  ],
  options: {
    run_timeout_ms: 5_000,
    run_memory_limit_mb: 200,
    payload_limit_mb: 10,
    log_payload_limit_mb: 1,
    output_dataclips: true,
    job_log_level: "debug",
    sanitize: "none",
  },
  globals: "export const x = 1;",
};

const planShape = fields({
  id: optional(text),
  name: optional(text),
  project_id: optional(text),
  dataclip_id: optional(text),
  starting_node_id: optional(text),
  globals: optional(text),
  triggers: list(fields({ id: optional(text) })),
  jobs: list(
    fields({
      id: text,
      name: optional(text),
      body: optional(text),
      adaptor: optional(text),
      credential: optional(either(text, each(anything))),
      state: optional(each(anything)),
    }),
  ),
  edges: list(
    fields({
      id: optional(text),
      source_trigger_id: optional(text),
      source_job_id: optional(text),
      target_job_id: text,
      condition: optional(text),
      enabled: truth,
    }),
  ),
  options: fields({
    run_timeout_ms: optional(number),
    run_memory_limit_mb: optional(number),
    payload_limit_mb: optional(number),
    log_payload_limit_mb: optional(number),
    output_dataclips: optional(truth),
    job_log_level: optional(text),
    sanitize: optional(text),
  }),
});

/** A message, the reader of it, and what the reader promises of what it lets through. */
export interface WireMessage {
  readonly name: string;
  readonly message: unknown;
  /** All that it can say, as one value: what was read, or a problem. */
  readonly read: (value: unknown) => unknown;
  readonly promises: Shape;
}

/** What every `Read<T>` is: a value of its shape, or one sentence. */
const reading = (shape: Shape): Shape =>
  either(fields({ ok: oneOf(true), value: shape }), fields({ ok: oneOf(false), problem: text }));

export const wireMessages: readonly WireMessage[] = [
  {
    name: "a plan",
    message: fullPlan,
    read: readLightningPlan,
    promises: reading(planShape),
  },
  {
    name: "a claim's reply",
    message: {
      runs: [
        { id: "a-1", token: SECRET },
        { id: "b-2", token: SECRET },
      ],
    },
    read: readClaimReply,
    promises: reading(
      fields({ runs: list(fields({ id: text, token: text })), problems: list(text) }),
    ),
  },
  {
    name: "a reply",
    message: { status: "ok", response: { token: SECRET } },
    read: readReply,
    promises: reading(fields({ status: oneOf("ok", "error"), response: anything })),
  },
  {
    name: "bytes as a list",
    message: [123, 125],
    read: (value) => readBytes(value, "dataclip"),
    promises: reading(bytes),
  },
  {
    name: "a refusal",
    message: { errors: { id: ["is wrong", 7] }, reason: null },
    read: sayRefusal,
    promises: text,
  },
  {
    name: "the claims of a run's token",
    message: { iss: "Lightning", id: "r", sub: "run:r", nbf: 1, exp: 2 },
    read: readRunClaims,
    promises: reading(
      fields({
        iss: text,
        id: text,
        sub: optional(text),
        nbf: optional(number),
        exp: optional(number),
      }),
    ),
  },
  {
    name: "a claim",
    message: { demand: 1, worker_name: "w", queues: ["manual", "*"] },
    read: readClaim,
    promises: reading(
      fields({ demand: number, worker_name: either(text, nothing), queues: list(text) }),
    ),
  },
  {
    name: "the join of the queue",
    message: { capacity: 5, queues: { fast_lane: 1, "manual>*": 4 } },
    read: readQueueJoin,
    promises: fields({ capacity: number, queues: each(number) }),
  },
];
