/** The whole state of a small fast counter generator (sfc32): four unsigned 32-bit words. A good seed is four random ones. */
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
