import type { CharacterClass, State } from "./automaton.ts";

/**
 * What each change costs when a broken value is repaired. White space and marks are cheap,
 * because they are what goes wrong; a character of a name is dear, because it was meant.
 */
export const weights: {
  readonly remove: Readonly<Record<CharacterClass, number>>;
  /** The same behind a colon, where letters are no part of anything, and white space ends the group. */
  readonly removeAt: Readonly<
    Partial<Record<State, Readonly<Partial<Record<CharacterClass, number>>>>>
  >;
  /** Characters that may be added. A name is never made up; `*` is the one queue that always exists. */
  readonly add: Readonly<Record<string, number>>;
  /** By the class of a character: what may stand in its place. */
  readonly replace: Readonly<Partial<Record<CharacterClass, Readonly<Record<string, number>>>>>;
  /**
   * Added where two parts of a name come together because of a removal, or of a count because
   * of any change: `fast lane` is not `fastlane`, 1.5 is not 15, and 0 is not 10.
   */
  readonly join: number;
} = {
  remove: {
    space: 1,
    "odd-space": 1,
    unknown: 1,
    comma: 1,
    zero: 2,
    digit: 2,
    arrow: 2,
    colon: 2,
    star: 3,
    letter: 9,
  },
  removeAt: { colon: { letter: 2 }, count: { letter: 2, space: 9 } },
  add: { ":": 2, ">": 2, "*": 4, "1": 6, " ": 9 },
  replace: {
    comma: { ">": 1, " ": 2 },
    "odd-space": { " ": 1 },
    space: { _: 2, ">": 3, ":": 3 },
    unknown: { _: 2, " ": 3, ":": 3, ">": 3 },
    zero: { "1": 3 },
    arrow: { ":": 3 },
    colon: { ">": 3 },
  },
  join: 3,
};
