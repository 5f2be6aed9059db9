/** Resident memory of a spare that has imported an adaptor, rounded up; see docs/decisions/0032. */
const spareMb = 70;
/** Spares take at most this share of what is free: the rest is for runs. */
const share = 0.25;

/** How many children may wait, for so many runs at once and so much free memory. */
export function spareLimit(capacity: number, availableBytes: number): number {
  const affordable = Math.floor((availableBytes * share) / (spareMb * 1024 * 1024));
  return Math.max(0, Math.min(capacity, affordable));
}
