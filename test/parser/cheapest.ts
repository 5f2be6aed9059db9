import { weights } from "@workloops/parser";
import { accepts } from "./reference.ts";

/**
 * Whether any valid text can be reached for less than `bound`, by trying all of them: outputs
 * are grown character by character as long as the reference recogniser can still be satisfied,
 * each beside a table of what it costs to come there from each beginning of the text.
 */
export function isReachableBelow(text: string, bound: number): boolean {
  const question = { text, read: readingOf(text), bound };
  return visit(question, root, firstTable(question), 0);
}

/** What it costs to write `output` in place of a text. */
export function costOf(text: string, output: string): number {
  const question = { text, read: readingOf(text), bound: impossible };
  let at = root;
  let table = firstTable(question);
  for (const character of output) {
    const child = childrenOf(at).find(({ last }) => last === character);
    if (child === undefined) return impossible;
    table = grow(question, at, table, child, new Float64Array(table.length));
    at = child;
  }
  return at.accepted ? least(table, 3 * text.length) : impossible;
}

const readingOf = (text: string) => [...text].map((character) => classes[character] ?? "unknown");

function firstTable({ text, read }: Question): Float64Array {
  const table = new Float64Array(3 * (text.length + 1)).fill(impossible);
  table[kept] = 0;
  remove(read, root, table);
  return table;
}

interface Question {
  readonly text: string;
  readonly read: readonly (keyof typeof weights.remove)[];
  readonly bound: number;
}

/** An output, known once for all texts. */
interface Output {
  readonly text: string;
  readonly last: string;
  readonly accepted: boolean;
  readonly place: "colon" | "count" | "name" | "elsewhere";
  children: readonly Output[] | undefined;
}

const impossible = Number.POSITIVE_INFINITY;
// A table has three cells for each beginning of the text: its last character was kept, was
// removed, or something was written there.
const kept = 0;
const removed = 1;
const written = 2;

const classes: Readonly<Record<string, keyof typeof weights.remove>> = {
  a: "letter",
  "1": "digit",
  "0": "zero",
  ">": "arrow",
  ":": "colon",
  "*": "star",
  ",": "comma",
  " ": "space",
};

const root = outputOf("");

function outputOf(text: string): Output {
  const count = /:[0-9]*$/.exec(text)?.[0];
  const inName = /[a-z0-9_]$/.test(text) ? "name" : "elsewhere";
  const place = count === undefined ? inName : count === ":" ? "colon" : "count";
  return { text, last: text.slice(-1), accepted: accepts(text), place, children: undefined };
}

/** The outputs one character longer that can still become valid. */
function childrenOf(output: Output): readonly Output[] {
  output.children ??= [..."a10_>:* "]
    .map((character) => output.text + character)
    .filter((text) => ["", "1", ":1", "a:1"].some((ending) => accepts(text + ending)))
    .map(outputOf);
  return output.children;
}

function visit(question: Question, output: Output, table: Float64Array, depth: number): boolean {
  const { text, bound } = question;
  if (output.accepted && least(table, 3 * text.length) < bound) return true;
  const length = table.length;
  // One table for each depth serves all outputs of that length in turn.
  const key = depth * 64 + length;
  const grown = tables.get(key) ?? new Float64Array(length);
  tables.set(key, grown);
  for (const child of childrenOf(output)) {
    grow(question, output, table, child, grown);
    if (isBelow(grown, bound) && visit(question, child, grown, depth + 1)) return true;
  }
  return false;
}

const tables = new Map<number, Float64Array>();

function isBelow(table: Float64Array, bound: number): boolean {
  for (const cost of table) if (cost < bound) return true;
  return false;
}

const least = (table: Float64Array, at: number) =>
  Math.min(table[at] ?? 0, table[at + 1] ?? 0, table[at + 2] ?? 0);

function grow(
  { text, read }: Question,
  output: Output,
  table: Float64Array,
  child: Output,
  grown: Float64Array,
): Float64Array {
  grown.fill(impossible);
  const next = child.last;
  const added = weights.add[next] ?? impossible;
  const joinsCount = output.place === "count" && child.place === "count";
  const joinsName = output.place === "name" && child.place === "name";
  const afterRemoved = joinsCount || joinsName ? weights.join : 0;
  const afterWritten = joinsCount ? weights.join : 0;
  for (let j = 0; j <= text.length; j += 1) {
    const here = 3 * j;
    grown[here + written] = least(table, here) + added;
    const before = here - 3;
    if (j === 0) continue;
    const character = text.charAt(j - 1);
    if (character === next) {
      grown[here + kept] = Math.min(
        table[before + kept] ?? 0,
        (table[before + removed] ?? 0) + afterRemoved,
        (table[before + written] ?? 0) + afterWritten,
      );
    } else {
      const replaced = weights.replace[read[j - 1] ?? "unknown"]?.[next] ?? impossible;
      const cost = least(table, before) + replaced;
      grown[here + written] = Math.min(grown[here + written] ?? 0, cost);
    }
  }
  remove(read, child, grown);
  return grown;
}

/** Adds to a table the ways that remove characters behind what stands in it. */
function remove(read: Question["read"], { place }: Output, table: Float64Array): void {
  const at = place === "colon" || place === "count" ? weights.removeAt[place] : undefined;
  read.forEach((character, j) => {
    const weight = at?.[character] ?? weights.remove[character];
    table[3 * (j + 1) + removed] = least(table, 3 * j) + weight;
  });
}
