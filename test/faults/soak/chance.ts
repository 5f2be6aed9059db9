/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
export type Chance = () => number;

export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of these, each as likely as its weight says. */
export function pick<T>(chance: Chance, weighted: readonly (readonly [weight: number, T])[]): T {
  const sum = weighted.reduce((total, [weight]) => total + weight, 0);
  let at = chance() * sum;
  for (const [weight, value] of weighted) {
    at -= weight;
    if (at < 0) return value;
  }
  throw new Error("nothing to pick from: give at least one value with a weight above 0");
}
