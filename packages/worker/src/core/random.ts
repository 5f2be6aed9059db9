/** The whole state of a small fast counter generator (sfc32): four unsigned 32-bit words. */
export type RandomState = readonly [number, number, number, number];

/** The next word and the state after it. */
export function nextWord([a, b, c, counter]: RandomState): readonly [number, RandomState] {
  const word = (a + b + counter) >>> 0;
  return [
    word,
    [
      (b ^ (b >>> 9)) >>> 0,
      (c + (c << 3)) >>> 0,
      (((c << 21) | (c >>> 11)) + word) >>> 0,
      (counter + 1) >>> 0,
    ],
  ];
}

/**
 * A state from four words. The first words drawn from a poor seed resemble it, so they are
 * thrown away.
 */
export function seedRandom(words: RandomState): RandomState {
  let state: RandomState = [words[0] >>> 0, words[1] >>> 0, words[2] >>> 0, (words[3] >>> 0) | 1];
  for (let round = 0; round < 12; round += 1) state = nextWord(state)[1];
  return state;
}
