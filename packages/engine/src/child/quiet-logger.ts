/**
 * Stands in for `@openfn/logger` in the child's bundle: `@openfn/runtime` takes its default
 * loggers from there, which we replace at each call, and the package would load colours, prompts
 * and spinners for a terminal that a child does not have.
 */
const nothing = (): void => undefined;

export const defaultLogger = {
  debug: nothing,
  info: nothing,
  log: nothing,
  success: nothing,
  always: nothing,
  warn: nothing,
  error: nothing,
  break: nothing,
  timer: nothing,
};

export function createMockLogger(): typeof defaultLogger {
  return defaultLogger;
}

/** How long something took, for the runtime's own lines. */
export function printDuration(durationMs: number): string {
  return durationMs < 1000 ? `${durationMs}ms` : `${durationMs / 1000}s`;
}
