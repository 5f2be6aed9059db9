/**
 * The wire between a worker and Lightning: frames, names, payloads and their readers.
 * Pure and without dependencies: both sides of the wire are built on it.
 */
export { decodeFrame, encodeFrame, type Frame, MAX_FRAME_BYTES, type Side } from "./frame.ts";
export {
  type LightningEdge,
  type LightningJob,
  type LightningOptions,
  type LightningPlan,
  type LightningTrigger,
  readLightningPlan,
} from "./lightning-plan.ts";
export {
  API_VERSION,
  HEARTBEAT_TOPIC,
  phoenix,
  QUEUE_TOPIC,
  queueEvent,
  type RunEventName,
  runEvent,
  runOfTopic,
  runTopic,
  SERIALIZER_VERSION,
} from "./names.ts";
export { isTooDeep } from "./nesting.ts";
export {
  type ClaimedRun,
  type ClaimPayload,
  type ClaimReply,
  DEFAULT_CLAIM_QUEUES,
  type QueueJoinPayload,
  readClaim,
  readClaimReply,
  readQueueJoin,
} from "./queue-messages.ts";
export { bad, good, isRecord, kindOf, own, type Read } from "./read.ts";
export {
  type Reply,
  readBytes,
  readReply,
  sayRefusal,
  saysAlreadyThere,
  withoutTokens,
} from "./reply.ts";
export type {
  ExitFields,
  FetchPayload,
  LogLine,
  RunBatchLogsPayload,
  RunCompletePayload,
  RunJoinPayload,
  RunLogPayload,
  RunStartPayload,
  StepCompletePayload,
  StepStartPayload,
  WireExitReason,
} from "./run-messages.ts";
export { readTimestamp, type Timestamp, toTimestamp } from "./timestamp.ts";
export {
  CLOCK_TOLERANCE_SECONDS,
  RUN_TOKEN_ALGORITHM,
  RUN_TOKEN_ISSUER,
  type RunClaims,
  readRunClaims,
  WORKER_TOKEN_ALGORITHM,
  WORKER_TOKEN_ISSUER,
  type WorkerClaims,
} from "./token-claims.ts";
