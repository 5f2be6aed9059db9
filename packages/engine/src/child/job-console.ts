import type { LogLevel, RunOptions } from "../engine.ts";
import { serialise } from "./serialise.ts";

/** Says one line: the arguments are JSON texts. */
export type SayLine = (level: LogLevel, message: readonly string[]) => void;

type Sanitize = NonNullable<RunOptions["sanitize"]>;
type JobLogLevel = NonNullable<RunOptions["jobLogLevel"]>;

/** How much each level weighs; a line passes where it weighs as much as the run's level. */
const weight: Readonly<Record<LogLevel | "none", number>> = {
  debug: 0,
  info: 1,
  success: 2,
  always: 2,
  warn: 2,
  none: 3,
  error: 4,
};

export interface JobConsoleOptions {
  readonly level: JobLogLevel;
  readonly sanitize: Sanitize;
}

/** The `console` of a job: these methods and no others. */
export function jobConsole(
  say: SayLine,
  { level, sanitize }: JobConsoleOptions,
): Readonly<Record<string, (...values: unknown[]) => void>> {
  const method =
    (of: LogLevel) =>
    (...values: unknown[]): void => {
      if (weight[of] < weight[level]) return;
      if (values.length === 0 || (values.length === 1 && values[0] === null)) return;
      say(
        of,
        values.map((value) => serialise(presentable(value, sanitize))),
      );
    };
  return {
    log: method("info"),
    info: method("info"),
    debug: method("debug"),
    warn: method("warn"),
    error: method("error"),
    success: method("success"),
    always: method("always"),
  };
}

/** What of a value may be seen: errors by name and message, credentials never, the rest by policy. */
export function presentable(value: unknown, sanitize: Sanitize): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isPlainError(value)) return { name: value.name, message: value.message };
  if (sanitize !== "none") return sanitized(value, sanitize);
  const configuration = (value as { configuration?: unknown }).configuration;
  if (Array.isArray(value) || !configuration) return value;
  const masked: Record<string, string> = {};
  for (const key of Object.keys(Object(configuration))) masked[key] = "****";
  return { ...value, configuration: masked };
}

/** An Error of this realm or of the job's; the job's own subclasses are ordinary objects. */
function isPlainError(value: object): value is Error {
  if (value instanceof Error) return true;
  try {
    return (value as { constructor?: { name?: unknown } }).constructor?.name === "Error";
  } catch {
    return false;
  }
}

function sanitized(value: object, policy: Exclude<Sanitize, "none">): unknown {
  if (policy === "remove") return null;
  if (policy === "summarize") {
    if (Array.isArray(value))
      return value.length > 0 ? `(array with ${value.length} items)` : "(empty array)";
    const keys = Object.keys(value).sort();
    return keys.length > 0 ? `(object with keys ${keys.join(", ")})` : "(empty object)";
  }
  return Array.isArray(value) ? "[array]" : "[object]";
}
