import type { RunError, RunEvent } from "@workloops/engine";
import {
  isTooDeep,
  type RunCompletePayload,
  type RunLogPayload,
  type RunStartPayload,
  runEvent,
  type StepCompletePayload,
  type StepStartPayload,
  toTimestamp,
} from "../../protocol/index.ts";
import type { KnownEnd } from "../effect.ts";
import { jsonBytes, jsonStringBytes, utf8Bytes } from "./json-size.ts";
import type { Outgoing } from "./outbox.ts";
import type { RunPlan } from "./run-plan.ts";

/** What has to be remembered of the events of a run to report the later ones. */
export interface Report {
  /** The id that the server knows the last visit of each step by. */
  readonly stepIds: ReadonlyMap<string, string>;
  /** Clips that wait for a step, in the order in which it will be visited; null: withheld. */
  readonly inputs: ReadonlyMap<string, readonly (string | null)[]>;
  /** The clip of each leaf that completed; null: withheld. */
  readonly leafClips: readonly (string | null)[];
}

export const emptyReport: Report = { stepIds: new Map(), inputs: new Map(), leafClips: [] };

export interface Reported {
  readonly report: Report;
  readonly outgoing: readonly Outgoing[];
}

/** What a report is made of, besides the event. */
export interface ReportContext {
  readonly run: string;
  readonly plan: RunPlan;
  readonly workerVersion: string;
  /** The largest text that fits into a frame. */
  readonly maxTextBytes: number;
  readonly newId: () => string;
}

/** An engine's event -> what the server is told. Source: worker-contract 4 and 5. */
export function reportEvent(report: Report, event: RunEvent, context: ReportContext): Reported {
  switch (event.type) {
    case "workflow-start":
      return { report, outgoing: startOf(event, context) };
    case "log":
      return { report, outgoing: [logOf(report, event, context)] };
    case "step-start":
      return stepStart(report, event, context);
    case "step-complete":
      return stepComplete(report, event, context);
    case "workflow-complete":
      return { report, outgoing: completeOf(report, event, context) };
    case "workflow-error":
      return {
        report,
        outgoing: [
          ...closingLines(context.run, event.time, event.error),
          runComplete(exitFields(event.error)),
        ],
      };
  }
}

/** Ends a run that the engine never had. */
export function reportVerdict(run: string, error: RunError, wall: number): readonly Outgoing[] {
  return [...closingLines(run, wall, error), runComplete(exitFields(error))];
}

/** Ends a run as an earlier process did, or was about to. What the error said was not kept. */
export function reportEndAgain({ reason, errorType }: KnownEnd): Outgoing {
  const error_message =
    reason === "success" ? null : "The worker ended before it could report what was wrong.";
  return runComplete({ reason, error_type: errorType, error_message });
}

/** Says that lines are missing, in their place. */
export function reportDropped(run: string, lines: number, time: number): Outgoing {
  return line(run, "R/T", "warn", time - SYNTHETIC_LINE_MS, [
    `${lines} log lines were left out: the run logs faster than Lightning takes them.`,
  ]);
}

/** Lines of our own are dated a little back, so that they sort before what happens next. */
const SYNTHETIC_LINE_MS = 10;

function startOf(
  event: Extract<RunEvent, { type: "workflow-start" }>,
  { run, plan, workerVersion }: ReportContext,
): readonly Outgoing[] {
  const versions = { ...event.versions, worker: workerVersion };
  const payload: RunStartPayload = { versions, timestamp: toTimestamp(event.time) };
  const names = Object.entries(versions).map(
    ([name, version]) => `${name} ${[version].flat().join(", ")}`,
  );
  const time = event.time - SYNTHETIC_LINE_MS;
  return [
    { event: runEvent.runStart, payload, bytes: jsonBytes(payload) },
    line(run, "RTE", "info", time, [`Payload limit: ${plan.options.payloadLimitMb}mb`]),
    line(run, "VER", "info", time, [`Versions: ${names.join("; ")}`]),
  ];
}

function line(
  run: string,
  source: string,
  level: RunLogPayload["level"],
  time: number,
  message: readonly unknown[],
): Outgoing {
  const payload: RunLogPayload = {
    run_id: run,
    message,
    source,
    level,
    timestamp: toTimestamp(time),
  };
  return { event: runEvent.runLog, payload, bytes: jsonBytes(payload) };
}

/** Stands where a line was that no frame can carry. */
const TOO_DEEP = "(Log message left out: it is nested too deeply)";

function logOf(
  { stepIds }: Report,
  event: Extract<RunEvent, { type: "log" }>,
  { run }: ReportContext,
): Outgoing {
  const stepId = event.stepId === undefined ? undefined : stepIds.get(event.stepId);
  const payload: RunLogPayload = {
    run_id: run,
    message: isTooDeep(event.message) ? [TOO_DEEP] : event.message,
    source: event.source,
    level: event.level,
    timestamp: toTimestamp(event.time),
    ...(stepId !== undefined && { step_id: stepId }),
  };
  return { event: runEvent.runLog, payload, bytes: jsonBytes(payload) };
}

function stepStart(
  report: Report,
  event: Extract<RunEvent, { type: "step-start" }>,
  { plan, newId }: ReportContext,
): Reported {
  if (!plan.jobs.has(event.stepId)) return { report, outgoing: [] };
  const [clip, ...later] = report.inputs.get(event.stepId) ?? [];
  const input = clip === undefined ? plan.dataclipId : clip;
  const stepId = newId();
  const payload: StepStartPayload = {
    step_id: stepId,
    job_id: event.stepId,
    timestamp: toTimestamp(event.time),
    ...(typeof input === "string" && { input_dataclip_id: input }),
  };
  return {
    report: {
      ...report,
      stepIds: new Map(report.stepIds).set(event.stepId, stepId),
      inputs: new Map(report.inputs).set(event.stepId, later),
    },
    outgoing: [{ event: runEvent.stepStart, payload, bytes: jsonBytes(payload) }],
  };
}

function stepComplete(
  report: Report,
  event: Extract<RunEvent, { type: "step-complete" }>,
  { plan, newId, maxTextBytes }: ReportContext,
): Reported {
  const stepId = report.stepIds.get(event.stepId);
  if (stepId === undefined) return { report, outgoing: [] };
  const answer = webhookOf(event, maxTextBytes);
  const clip = clipOf(event, plan, newId, maxTextBytes - answer.bytes);
  const payload: StepCompletePayload = {
    step_id: stepId,
    job_id: event.stepId,
    mem: event.memory,
    duration: event.durationMs,
    thread_id: event.threadId,
    timestamp: toTimestamp(event.time),
    ...exitFields(event.error),
    ...clip.fields,
    ...answer.fields,
  };
  const inputs = new Map(report.inputs);
  for (const next of event.next) inputs.set(next, [...(inputs.get(next) ?? []), clip.id]);
  return {
    report: {
      ...report,
      inputs,
      leafClips: event.next.length === 0 ? [...report.leafClips, clip.id] : report.leafClips,
    },
    outgoing: [
      {
        event: runEvent.stepComplete,
        payload,
        bytes: clip.bytes + answer.bytes + 1_000,
      },
    ],
  };
}

/**
 * A clip inside a frame is JSON inside JSON: its quotes are escaped, and it may outgrow the frame
 * that the server takes although it is below the payload limit. Such a frame would close the
 * socket with every channel on it, so the clip is withheld instead.
 */
function clipOf(
  event: Extract<RunEvent, { type: "step-complete" }>,
  plan: RunPlan,
  newId: () => string,
  maxBytes: number,
): {
  readonly id: string | null;
  readonly bytes: number;
  readonly fields: Pick<
    StepCompletePayload,
    "output_dataclip" | "output_dataclip_id" | "output_dataclip_error"
  >;
} {
  const { output } = event;
  const bytes = output === undefined ? 0 : jsonStringBytes(output);
  if (event.outputTooLarge || bytes > maxBytes) {
    return { id: null, bytes: 0, fields: { output_dataclip_error: "DATACLIP_TOO_LARGE" } };
  }
  const id = newId();
  if (!plan.keepsDataclips || output === undefined) {
    return plan.keepsDataclips
      ? { id: null, bytes: 0, fields: {} }
      : { id, bytes: 0, fields: { output_dataclip_id: id } };
  }
  return { id, bytes, fields: { output_dataclip_id: id, output_dataclip: output } };
}

/** The answer to a synchronous webhook comes first: a caller waits for it. */
function webhookOf(
  { webhookResponse }: Extract<RunEvent, { type: "step-complete" }>,
  maxBytes: number,
): {
  readonly bytes: number;
  readonly fields: Pick<StepCompletePayload, "webhook_response">;
} {
  if (webhookResponse === undefined) return { bytes: 0, fields: {} };
  const bytes = utf8Bytes(webhookResponse);
  if (bytes > maxBytes) return { bytes: 0, fields: {} };
  return { bytes, fields: { webhook_response: parsed(webhookResponse) } };
}

function completeOf(
  { leafClips }: Report,
  event: Extract<RunEvent, { type: "workflow-complete" }>,
  { run, maxTextBytes }: ReportContext,
): readonly Outgoing[] {
  const [only, ...others] = leafClips;
  const fits = event.finalState !== undefined && utf8Bytes(event.finalState) <= maxTextBytes;
  return [
    ...closingLines(run, event.time, event.error),
    runComplete({
      ...exitFields(event.error),
      timestamp: toTimestamp(event.time),
      ...(fits && { final_state: parsed(event.finalState) }),
      ...(typeof only === "string" && others.length === 0 && { final_dataclip_id: only }),
    }),
  ];
}

/** The last event: however large it is, nothing comes behind it that could be asked to wait. */
function runComplete(payload: RunCompletePayload): Outgoing {
  return { event: runEvent.runComplete, payload, bytes: 1_000 };
}

function closingLines(run: string, time: number, error: RunError | undefined): readonly Outgoing[] {
  const at = time - SYNTHETIC_LINE_MS;
  const status = "Run complete with status: ";
  if (error === undefined) return [line(run, "R/T", "success", at, [`${status}success`])];
  return [
    line(run, "R/T", "error", at, [status + error.reason]),
    line(run, "R/T", "error", at, [
      `${error.type}: ${error.message.slice(0, MAX_MESSAGE_CHARACTERS)}`,
    ]),
  ];
}

/** A message of a job may be of any size, and people read its beginning. */
const MAX_MESSAGE_CHARACTERS = 10_000;

function exitFields(
  error: RunError | undefined,
): Pick<RunCompletePayload, "reason" | "error_type" | "error_message"> {
  if (error === undefined) return { reason: "success", error_type: null, error_message: null };
  return {
    reason: error.reason,
    error_type: error.type,
    error_message: error.message.slice(0, MAX_MESSAGE_CHARACTERS),
  };
}

/** The engine gives JSON text; what is no JSON, or cannot be written again, is passed on as text. */
function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isTooDeep(value) ? text : value;
  } catch {
    return text;
  }
}
