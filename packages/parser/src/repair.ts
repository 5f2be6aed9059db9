import { applyEdits } from "./apply-edits.ts";
import {
  automaton,
  type CharacterClass,
  classOf,
  isAccepting,
  type State,
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

/** One way to a state with the text read up to an offset: a list of changes, last first. */
interface Way {
  readonly state: State;
  readonly cost: number;
  /** How far from the end its changes are, added up: of two equal costs, what stands first is kept. */
  readonly earliness: number;
  /** What was done to the character before. */
  readonly last: "kept" | "removed" | "written";
  readonly change: Change | undefined;
}

/** `text` stands in place of the span; a kept character has none. */
interface Change extends Edit {
  readonly before: Change | undefined;
}

/** How the search reads one character of the text. */
interface Read {
  readonly character: string;
  readonly class: CharacterClass;
  readonly span: Span;
}

/** The cheapest way to each state, with and without a removal just before. */
type Front = Map<string, Way>;

function isBetter(a: Way, b: Way): boolean {
  return a.cost < b.cost || (a.cost === b.cost && a.earliness < b.earliness);
}

function offer(front: Front, way: Way): boolean {
  const key = `${way.state} ${way.last}`;
  const known = front.get(key);
  if (known !== undefined && !isBetter(way, known)) return false;
  front.set(key, way);
  return true;
}

/** The cheapest way through the whole text to an accepting state. */
function search(text: string): Way {
  const start: Way = {
    state: automaton.start,
    cost: 0,
    earliness: 0,
    last: "kept",
    change: undefined,
  };
  let front: Front = new Map();
  offer(front, start);
  add(front, 0, text.length);
  let at = 0;
  for (const character of text) {
    const span = { start: at, end: at + character.length };
    front = advance(front, { character, class: classOf(character), span }, text.length);
    at = span.end;
    add(front, at, text.length);
  }
  let best: Way | undefined;
  for (const way of front.values()) {
    if (isAccepting(way.state) && (best === undefined || isBetter(way, best))) best = way;
  }
  if (best === undefined) throw new Error("Additions reach an accepting state from everywhere.");
  return best;
}

/** Reads one character: kept, replaced or removed. */
function advance(front: Front, read: Read, length: number): Front {
  const next: Front = new Map();
  for (const way of front.values()) {
    const kept = step(way.state, read.class);
    if (kept !== undefined) {
      const cost = way.cost + (joins(way, kept) ? weights.join : 0);
      offer(next, { ...way, state: kept, cost, last: "kept" });
    }
    for (const [text, weight] of Object.entries(weights.replace[read.class] ?? {})) {
      const state = step(way.state, classOf(text));
      if (state === undefined) continue;
      offer(next, changed(way, state, { span: read.span, text }, weight, length));
    }
    const removal = { span: read.span, text: "" };
    const weight = removalWeight(way.state, read.class);
    offer(next, { ...changed(way, way.state, removal, weight, length), last: "removed" });
  }
  return next;
}

/** Whether keeping a character that leads to `state` brings two parts together. */
function joins(way: Way, state: State): boolean {
  if (state !== way.state) return false;
  return state === "count" ? way.last !== "kept" : state === "name" && way.last === "removed";
}

function removalWeight(state: State, read: CharacterClass): number {
  return weights.removeAt[state]?.[read] ?? weights.remove[read];
}

/** Adds characters at an offset, as many as pay. */
function add(front: Front, at: number, length: number): void {
  const span = { start: at, end: at };
  const open = [...front.values()];
  for (let way = open.pop(); way !== undefined; way = open.pop()) {
    for (const [text, weight] of Object.entries(weights.add)) {
      const state = step(way.state, classOf(text));
      if (state === undefined) continue;
      const added = changed(way, state, { span, text }, weight, length);
      if (offer(front, added)) open.push(added);
    }
  }
}

function changed(way: Way, state: State, edit: Edit, weight: number, length: number): Way {
  const earliness = way.earliness + length - edit.span.start;
  const change = { ...edit, before: way.change };
  return { state, cost: way.cost + weight, earliness, last: "written", change };
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
