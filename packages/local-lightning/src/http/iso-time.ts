/** The time as Lightning prints it in JSON: ISO 8601 with six decimals. */
export function isoTime(microseconds: number | null): string | null {
  if (microseconds === null) return null;
  const milliseconds = Math.floor(microseconds / 1000);
  // The furthest day that a JavaScript date can hold.
  if (Math.abs(milliseconds) > 8.64e15) return null;
  const rest = String(microseconds - milliseconds * 1000).padStart(3, "0");
  return new Date(milliseconds).toISOString().replace("Z", `${rest}Z`);
}
