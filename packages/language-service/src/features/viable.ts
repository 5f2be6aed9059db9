import { automaton, classOf, type State, step } from "@workloops/parser";

/**
 * Whether some text behind this beginning of a group makes it a valid group. The automaton
 * has no state from which none could be reached, so a walk that never stops is enough.
 */
export function canGrow(text: string): boolean {
  let state: State | undefined = automaton.start;
  for (const character of text) {
    state = step(state, classOf(character));
    if (state === undefined) return false;
  }
  return true;
}
