/** A stream of chance. All that is random in a world comes from one, and each from the seed. */
export interface Chance {
  /** In [0, 1). */
  next(): number;
  /** A whole number from 0 up to, and without, `limit`. */
  below(limit: number): number;
  /** Between the two, in steps of a microsecond where the unit is milliseconds. */
  between(from: number, to: number): number;
  happens(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
}

/**
 * Streams of different names are independent: what one part of the world draws changes nothing
 * for the others. The generator is sfc32, seeded by a hash of the name and the seed.
 */
export function createChance(seed: number, stream: string): Chance {
  const word = seedWords(seed, stream);
  let a = word();
  let b = word();
  let c = word();
  let counter = 1;

  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 12; round += 1) next();

  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    between: (from, to) => Math.round((from + next() * (to - from)) * 1000) / 1000,
    happens: (probability) => next() < probability,
    pick: (list) => {
      const item = list[below(list.length)];
      if (item === undefined) throw new Error("nothing to pick from");
      return item;
    },
  };
}

/** Words that differ wherever seed or name differ (FNV-1a, then the finaliser of MurmurHash3). */
function seedWords(seed: number, stream: string): () => number {
  let hash = 0x811c9dc5 ^ (seed | 0);
  for (const character of `${stream}/${seed}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return () => {
    hash = (hash + 0x9e3779b9) | 0;
    let mixed = hash ^ (hash >>> 16);
    mixed = Math.imul(mixed, 0x85ebca6b);
    mixed ^= mixed >>> 13;
    mixed = Math.imul(mixed, 0xc2b2ae35);
    return mixed ^ (mixed >>> 16);
  };
}
