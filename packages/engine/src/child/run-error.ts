import type { RunError } from "../engine.ts";

/** What `@openfn/runtime` and JavaScript put on errors. Any field may be absent or of another type. */
interface Thrown {
  readonly severity?: unknown;
  readonly subtype?: unknown;
  readonly type?: unknown;
  readonly name?: unknown;
  readonly message?: unknown;
}

/** Why a step ended: the most exact name there is, but a failure by its class. */
export function stepError(error: unknown): RunError {
  const { severity, subtype, type, name } = fields(error);
  const reason = reasonOf(severity);
  const exact = reason === "fail" ? name : (subtype ?? type ?? name);
  return { reason, type: text(exact, "Error"), message: messageOf(error) };
}

/** Why a run ended. An error without a severity is a crash. */
export function runError(error: unknown): RunError {
  const { severity, type, name } = fields(error);
  return {
    reason: reasonOf(severity),
    type: text(type ?? name, "Error"),
    message: messageOf(error),
  };
}

function fields(error: unknown): Thrown {
  return typeof error === "object" && error !== null ? error : {};
}

function reasonOf(severity: unknown): RunError["reason"] {
  return severity === "fail" || severity === "kill" || severity === "exception"
    ? severity
    : "crash";
}

function messageOf(error: unknown): string {
  return text(fields(error).message, typeof error === "string" ? error : "");
}

function text(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}
