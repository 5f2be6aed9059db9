/** The names that both sides of the wire use. Source: lightning-protocol 1.2, 2 and 4; worker-contract 4. */
export const QUEUE_TOPIC = "worker:queue";
export const HEARTBEAT_TOPIC = "phoenix";
const RUN_TOPIC_PREFIX = "run:";

/** Sent as `api_version` when the socket opens. */
export const API_VERSION = "1.2";
/** Sent as `vsn`: the serializer of `Frame`. */
export const SERIALIZER_VERSION = "2.0.0";

export const phoenix = {
  join: "phx_join",
  leave: "phx_leave",
  reply: "phx_reply",
  error: "phx_error",
  close: "phx_close",
  heartbeat: "heartbeat",
} as const;

export const queueEvent = {
  claim: "claim",
  workAvailable: "work-available",
} as const;

export const runEvent = {
  fetchPlan: "fetch:plan",
  fetchDataclip: "fetch:dataclip",
  fetchCredential: "fetch:credential",
  runStart: "run:start",
  runLog: "run:log",
  runBatchLogs: "run:batch_logs",
  stepStart: "step:start",
  stepComplete: "step:complete",
  runComplete: "run:complete",
} as const;

export type RunEventName = (typeof runEvent)[keyof typeof runEvent];

export function runTopic(runId: string): string {
  return RUN_TOPIC_PREFIX + runId;
}

/** The run of a run topic, or `undefined` for every other topic. */
export function runOfTopic(topic: string): string | undefined {
  return topic.startsWith(RUN_TOPIC_PREFIX) ? topic.slice(RUN_TOPIC_PREFIX.length) : undefined;
}
