/**
 * The syntax as a finite automaton. Limits of size are apart from it: the number of groups,
 * of queues and of characters, and the highest capacity.
 */
export const automaton = {
  start: "start",
  accepting: ["count", "gap"],
  /** From a state, by the class of the next character, to a state. What is absent is refused. */
  steps: {
    /** Before the first group. */
    start: { space: "start", letter: "name", zero: "name", digit: "name", star: "star" },
    /** In a queue's name. */
    name: { letter: "name", zero: "name", digit: "name", arrow: "arrow", colon: "colon" },
    /** Behind a `>`. */
    arrow: { letter: "name", zero: "name", digit: "name", star: "star" },
    /** Behind the wildcard. */
    star: { colon: "colon" },
    /** Behind the colon. */
    colon: { digit: "count" },
    /** In a capacity. */
    count: { zero: "count", digit: "count", space: "gap" },
    /** Behind a group. */
    gap: { space: "gap", letter: "name", zero: "name", digit: "name", star: "star" },
  },
} as const;

export type State = keyof typeof automaton.steps;

export type CharacterClass =
  | "letter"
  | "zero"
  | "digit"
  | "space"
  | "arrow"
  | "star"
  | "colon"
  | "comma"
  | "odd-space"
  | "unknown";

export const states = Object.keys(automaton.steps) as readonly State[];

const marks: Readonly<Record<string, CharacterClass>> = {
  " ": "space",
  "\t": "space",
  "\r": "space",
  "\n": "space",
  ">": "arrow",
  "*": "star",
  ":": "colon",
  ",": "comma",
  _: "letter",
};

/** The class of a character; `digit` is 1 to 9, `letter` has the underscore. */
export function classOf(character: string): CharacterClass {
  if (character >= "a" && character <= "z") return "letter";
  if (character >= "0" && character <= "9") return character === "0" ? "zero" : "digit";
  if (character >= "A" && character <= "Z") return "letter";
  const mark = marks[character];
  if (mark !== undefined) return mark;
  return /^\s$/.test(character) ? "odd-space" : "unknown";
}

/** The state behind a character, or `undefined` where the automaton refuses it. */
export function step(state: State, by: CharacterClass): State | undefined {
  const steps: Partial<Record<CharacterClass, State>> = automaton.steps[state];
  return steps[by];
}

export function isAccepting(state: State): boolean {
  return (automaton.accepting as readonly State[]).includes(state);
}

/** Whether the automaton accepts a text. */
export function accepts(text: string): boolean {
  let state: State | undefined = automaton.start;
  for (let i = 0; i < text.length && state !== undefined; i += 1) {
    state = step(state, classOf(text.charAt(i)));
  }
  return state !== undefined && isAccepting(state);
}

/** The classes that may stand at a state, which is what completion offers there. */
export function expected(state: State): readonly CharacterClass[] {
  return Object.keys(automaton.steps[state]) as CharacterClass[];
}
