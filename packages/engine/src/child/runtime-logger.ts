import type { LogLevel, RunOptions } from "../engine.ts";
import { presentable, type SayLine } from "./job-console.ts";
import { serialise } from "./serialise.ts";

/** The logger that `@openfn/runtime` writes its own lines to. */
export function runtimeLogger(say: SayLine): Readonly<Record<string, unknown>> {
  const timers = new Map<string, number>();
  const method =
    (level: LogLevel) =>
    (...values: unknown[]): void => {
      if (values.length > 0) say(level, values.map(serialise));
    };
  return {
    debug: method("debug"),
    info: method("info"),
    log: method("info"),
    success: method("success"),
    always: method("always"),
    warn: method("warn"),
    error: method("error"),
    break: () => undefined,
    /** The first call starts a timer, the second gives how long it ran. */
    timer(name: string): string | undefined {
      const start = timers.get(name);
      if (start === undefined) {
        timers.set(name, Date.now());
        return undefined;
      }
      timers.delete(name);
      return `${Date.now() - start}ms`;
    },
  };
}

/** The `console` of adaptors and edge conditions; what they say at `debug` stays inside. */
export function adaptorConsole(
  say: SayLine,
  sanitize: NonNullable<RunOptions["sanitize"]>,
): Partial<Console> {
  const method =
    (level: LogLevel) =>
    (...values: unknown[]): void => {
      if (values.length === 0 || (values.length === 1 && values[0] === null)) return;
      say(
        level,
        values.map((value) => serialise(presentable(presentableError(value), sanitize))),
      );
    };
  return {
    log: method("info"),
    info: method("info"),
    warn: method("warn"),
    error: method("error"),
    debug: () => undefined,
    trace: () => undefined,
  };
}

/** An error of any realm, by what it says. */
function presentableError(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("stack" in value)) return value;
  const { name, message, stack } = value as { name?: unknown; message?: unknown; stack?: unknown };
  if (typeof stack !== "string" || typeof message !== "string") return value;
  return Object.assign(new Error(message), { name });
}
