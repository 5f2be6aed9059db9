import { readTimestamp } from "@workloops/worker/protocol";

/**
 * When an event happened, in microseconds since the epoch: the worker's own time, the server's
 * where it sent none, undefined where it sent something else. Source: protocol page, section 4.11.
 */
export function eventTime(timestamp: unknown, now: number): number | undefined {
  if (timestamp === undefined || timestamp === null) return now;
  const milliseconds = readTimestamp(timestamp);
  return milliseconds === undefined ? undefined : Math.round(milliseconds * 1000);
}
