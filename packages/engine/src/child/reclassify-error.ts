import { SecurityError } from "@openfn/runtime";

/** A step's error as `@openfn/runtime` made it; its fields decide what happens next. */
interface StepError {
  name?: string;
  severity?: string;
  subtype?: string;
  message?: string;
  stack?: string;
}

/**
 * Corrects what the runtime makes of some errors, in place and before it goes on:
 *
 * - It takes an error out of a named function of the job for one of the adaptor. That stands,
 *   since jobs rely on it, except for errors that end the run wherever they happen.
 * - An error that it could not classify (one that calls itself `AdaptorError`, one without a
 *   prototype) would be a crash for the step and a success for the run; it is a failure.
 */
export function reclassifyError(thrown: unknown, state: unknown, stepId: string): unknown {
  if (typeof thrown !== "object" || thrown === null) return thrown;
  const error = thrown as StepError;
  const [, kind, text] =
    /^(ReferenceError|SyntaxError|EvalError)(?:: (.*))?/.exec(error.stack ?? "") ?? [];
  if (error.name === "AdaptorError" && kind !== undefined && !error.stack?.includes("language-")) {
    Object.assign(error, fatal(kind, text ?? ""));
    forget(state, stepId);
  } else if (error.severity === undefined) {
    Object.assign(error, { severity: "fail", source: "runtime" });
    const { name = "Error", message = "", severity } = error;
    remember(state, stepId, { source: "runtime", name, severity, message });
  }
  return error;
}

function fatal(kind: string, text: string): StepError {
  if (kind !== "EvalError")
    return { name: "RuntimeCrash", severity: "crash", subtype: kind, message: `${kind}: ${text}` };
  const { name, severity, message } = new SecurityError("Illegal eval statement detected");
  return { name, severity, message };
}

function forget(state: unknown, stepId: string): void {
  if (typeof state !== "object" || state === null) return;
  const { errors } = state as { errors?: Record<string, unknown> };
  if (errors === undefined) return;
  delete errors[stepId];
  if (Object.keys(errors).length === 0) delete (state as { errors?: unknown }).errors;
}

function remember(state: unknown, stepId: string, entry: object): void {
  if (typeof state !== "object" || state === null) return;
  const holder = state as { errors?: Record<string, unknown> };
  holder.errors = { ...holder.errors, [stepId]: entry };
}
