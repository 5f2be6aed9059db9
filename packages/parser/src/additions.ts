import { classOf, type State, states, step } from "./automaton.ts";
import { weights } from "./weights.ts";

/** Text that leads from one state to another, and what it costs to write it. */
export interface Writing {
  readonly text: string;
  readonly to: State;
  readonly weight: number;
}

/** From each state the cheapest text to add for each other state that can be reached so. */
export const additions: Readonly<Record<State, readonly Writing[]>> = table((from) => {
  const found = new Map<State, Writing>();
  const open: Writing[] = [{ text: "", to: from, weight: 0 }];
  for (let at = open.shift(); at !== undefined; at = open.shift()) {
    for (const [character, weight] of Object.entries(weights.add)) {
      const to = step(at.to, classOf(character));
      const next = to && { text: at.text + character, to, weight: at.weight + weight };
      if (next === undefined || next.weight >= (found.get(next.to)?.weight ?? Infinity)) continue;
      found.set(next.to, next);
      open.push(next);
    }
  }
  return [...found.values()];
});

/** From each state what may be written in place of a character, by its class. */
export const replacements = table((from) => {
  const byClass = Object.entries(weights.replace).map(([read, texts]) => {
    const possible = Object.entries(texts).flatMap(([text, weight]): Writing[] => {
      const to = step(from, classOf(text));
      return to === undefined ? [] : [{ text, to, weight }];
    });
    return [read, possible] as const;
  });
  return new Map<string, readonly Writing[]>(byClass);
});

function table<T>(of: (state: State) => T): Readonly<Record<State, T>> {
  return Object.fromEntries(states.map((state) => [state, of(state)])) as Record<State, T>;
}
