import { additions, replacements } from "./additions.ts";
import { applyEdits } from "./apply-edits.ts";
import {
  automaton,
  type CharacterClass,
  classOf,
  isAccepting,
  type State,
  states,
  step,
} from "./automaton.ts";
import { parse } from "./parse.ts";
import type { Edit } from "./rule.ts";
import type { Span } from "./span.ts";
import { weights } from "./weights.ts";

export interface Repair {
  /** The valid text. */
  readonly text: string;
  readonly edits: readonly Edit[];
  /** The sum of the weights of its changes; 0 for a valid text. */
  readonly cost: number;
}

/** UTF-16 units. The search keeps every way that it has gone, and a longer text is broken in too many places to guess at. */
const longestTextUnits = 4_096;

/**
 * The cheapest edit, by `weights`, after which `parse` finds no error. `undefined` where the
 * syntax can be mended but a limit is still passed, as with a capacity of a million, and for
 * a text of more than 4,096 UTF-16 units.
 */
export function repair(text: string): Repair | undefined {
  if (text.length > longestTextUnits) return undefined;
  const end = search(text);
  const edits = editsOf(end);
  const repaired = applyEdits(text, edits);
  const valid = parse(repaired).diagnostics.every(({ severity }) => severity !== "error");
  return valid ? { text: repaired, edits, cost: end.cost } : undefined;
}

/** What was done to a character. */
const kept = 0;
const removed = 1;
const written = 2;
type Done = typeof kept | typeof removed | typeof written;

/** One way to a state with the text read up to an offset. */
interface Way {
  readonly state: State;
  readonly cost: number;
  /** How far from the end its changes are, added up: of two equal costs, what stands first is kept. */
  readonly earliness: number;
  readonly last: Done;
  readonly change: Change | undefined;
}

/** `text` stands in place of the span. The changes of a way are a list, the last one first. */
interface Change extends Edit {
  readonly before: Change | undefined;
}

/** The cheapest way to each state and each thing done last. */
type Front = (Way | undefined)[];

const slots = Object.fromEntries(states.map((state, i) => [state, 3 * i])) as Record<State, number>;

// Filled at once: an array that grows by holes is many times slower.
const emptyFront = (): Front => new Array<Way | undefined>(3 * states.length).fill(undefined);

/** The cheapest way through the whole text to an accepting state. */
function search(text: string): Way {
  const start: Way = {
    state: automaton.start,
    cost: 0,
    earliness: 0,
    last: kept,
    change: undefined,
  };
  let front = emptyFront();
  front[slots[start.state] + kept] = start;
  add(front, 0, text.length);
  let at = 0;
  for (const character of text) {
    const span = { start: at, end: at + character.length };
    front = advance(front, classOf(character), span, text.length);
    at = span.end;
    add(front, at, text.length);
  }
  let best: Way | undefined;
  for (const way of front) {
    if (way === undefined || !isAccepting(way.state)) continue;
    if (best === undefined || isBetter(way.cost, way.earliness, best)) best = way;
  }
  if (best === undefined) throw new Error("Additions reach an accepting state from everywhere.");
  return best;
}

/** Reads one character: kept, replaced or removed. */
function advance(front: Front, read: CharacterClass, span: Span, length: number): Front {
  const next = emptyFront();
  const earlier = length - span.start;
  for (const way of front) {
    if (way === undefined) continue;
    const { state, cost, earliness } = way;
    const to = step(state, read);
    if (to !== undefined) {
      const total = cost + (joins(way, to) ? weights.join : 0);
      if (isBetter(total, earliness, next[slots[to] + kept])) {
        next[slots[to] + kept] = {
          state: to,
          cost: total,
          earliness,
          last: kept,
          change: way.change,
        };
      }
    }
    for (const { text, to, weight } of replacements[state].get(read) ?? []) {
      change(next, way, to, written, cost + weight, earliness + earlier, span, text);
    }
    const weight = weights.removeAt[state]?.[read] ?? weights.remove[read];
    change(next, way, state, removed, cost + weight, earliness + earlier, span, "");
  }
  return next;
}

/** Whether keeping a character that leads to `state` brings two parts together. */
function joins(way: Way, state: State): boolean {
  if (state !== way.state) return false;
  return state === "count" ? way.last !== kept : state === "name" && way.last === removed;
}

/** Adds characters at an offset, where it pays. */
function add(front: Front, at: number, length: number): void {
  const span = { start: at, end: at };
  for (const way of [...front]) {
    if (way === undefined) continue;
    for (const { text, to, weight } of additions[way.state]) {
      const earliness = way.earliness + length - at;
      change(front, way, to, written, way.cost + weight, earliness, span, text);
    }
  }
}

/** Puts a way with one more change into a front, if it is the best to its state. */
function change(
  front: Front,
  way: Way,
  state: State,
  last: Done,
  cost: number,
  earliness: number,
  span: Span,
  text: string,
): void {
  const slot = slots[state] + last;
  if (!isBetter(cost, earliness, front[slot])) return;
  front[slot] = { state, cost, earliness, last, change: { span, text, before: way.change } };
}

function isBetter(cost: number, earliness: number, than: Way | undefined): boolean {
  if (than === undefined) return true;
  return cost < than.cost || (cost === than.cost && earliness < than.earliness);
}

/** The changes in order, those that touch as one edit. */
function editsOf(way: Way): readonly Edit[] {
  const edits: Edit[] = [];
  for (let change = way.change; change !== undefined; change = change.before) {
    const behind = edits[edits.length - 1];
    if (behind?.span.start === change.span.end) {
      edits.pop();
      const span = { start: change.span.start, end: behind.span.end };
      edits.push({ span, text: change.text + behind.text });
    } else edits.push({ span: change.span, text: change.text });
  }
  return edits.reverse();
}
