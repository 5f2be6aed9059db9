import type { RunError, RunEvent } from "../engine.ts";
import type { Frame } from "../frame.ts";

/**
 * An event as a child sent it, or `undefined` where it is none. The child ran code of strangers:
 * nothing of it is believed before its shape was checked.
 */
export function readEvent({ head, body }: Frame): RunEvent | undefined {
  if (!isRecord(head) || head["type"] !== "event" || !isRecord(head["event"])) return undefined;
  const event = head["event"];
  const text = head["hasBody"] === true ? body : undefined;
  if (typeof event["time"] !== "number") return undefined;
  const type = event["type"];
  return typeof type === "string" ? readers[type]?.(event, text) : undefined;
}

type Fields = Readonly<Record<string, unknown>>;
type Reader = (event: Fields, text: string | undefined) => RunEvent | undefined;

const readers: Readonly<Record<string, Reader | undefined>> = {
  __proto__: null as never,
  "workflow-start": (event) => (isVersions(event["versions"]) ? (event as RunEvent) : undefined),
  "step-start": (event) => (isStep(event) ? (event as RunEvent) : undefined),
  log: readLog,
  "step-complete": readStepComplete,
  "workflow-complete": (event, text) => {
    if (typeof event["durationMs"] !== "number" || !isErrorOrAbsent(event["error"]))
      return undefined;
    const { finalState: _, ...rest } = event;
    return { ...rest, ...(text !== undefined && { finalState: text }) } as RunEvent;
  },
  "workflow-error": (event) =>
    typeof event["durationMs"] === "number" &&
    isTextOrAbsent(event["stepId"]) &&
    isError(event["error"])
      ? (event as RunEvent)
      : undefined,
};

const levels = new Set(["debug", "info", "success", "always", "warn", "error"]);

function readLog(event: Fields, text = "[]"): RunEvent | undefined {
  if (!isOneOf(levels, event["level"]) || typeof event["source"] !== "string") return undefined;
  if (!isTextOrAbsent(event["stepId"])) return undefined;
  try {
    const message = JSON.parse(text) as unknown;
    return Array.isArray(message) ? ({ ...event, message } as Fields as RunEvent) : undefined;
  } catch {
    return undefined;
  }
}

function readStepComplete(event: Fields, text: string | undefined): RunEvent | undefined {
  const { memory, next, output: _, ...rest } = event;
  const good =
    isStep(event) &&
    typeof event["durationMs"] === "number" &&
    typeof event["threadId"] === "string" &&
    isTextOrAbsent(event["webhookResponse"]) &&
    isErrorOrAbsent(event["error"]) &&
    isRecord(memory) &&
    typeof memory["job"] === "number" &&
    typeof memory["system"] === "number" &&
    Array.isArray(next) &&
    next.every((id) => typeof id === "string");
  if (!good) return undefined;
  return {
    ...rest,
    memory,
    next,
    ...(text !== undefined && { output: text }),
  } as Fields as RunEvent;
}

function isStep(event: Fields): boolean {
  return typeof event["stepId"] === "string" && typeof event["visit"] === "number";
}

const reasons = new Set(["fail", "crash", "kill", "exception"]);

function isError(value: unknown): value is RunError {
  return (
    isRecord(value) &&
    isOneOf(reasons, value["reason"]) &&
    typeof value["type"] === "string" &&
    typeof value["message"] === "string"
  );
}

function isErrorOrAbsent(value: unknown): boolean {
  return value === undefined || isError(value);
}

function isOneOf(words: ReadonlySet<string>, value: unknown): boolean {
  return typeof value === "string" && words.has(value);
}

/** One version, or several of an adaptor that is there more than once. */
function isVersions(value: unknown): boolean {
  const isText = (one: unknown) => typeof one === "string";
  return (
    isRecord(value) &&
    Object.values(value).every((one) => isText(one) || (Array.isArray(one) && one.every(isText)))
  );
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
