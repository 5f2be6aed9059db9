/** Microseconds since the epoch as digits: how every time travels on an event. Source: lightning-protocol 4.11. */
export type Timestamp = string;

/** @param epochMs milliseconds since the epoch; a fraction keeps its microseconds. */
export function toTimestamp(epochMs: number): Timestamp {
  return String(Math.round(epochMs * 1000));
}

/**
 * Milliseconds since the epoch, or `undefined` for what the server calls invalid.
 * 16 digits are microseconds, 13 digits and a JSON integer are milliseconds.
 */
export function readTimestamp(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : undefined;
  if (typeof value !== "string") return undefined;
  if (/^[0-9]{16}$/.test(value)) return Number(value) / 1000;
  return /^[0-9]{13}$/.test(value) ? Number(value) : undefined;
}
