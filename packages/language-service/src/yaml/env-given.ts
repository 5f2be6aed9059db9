import { assignment, slice } from "../command.ts";
import type { Trap } from "../hosts/host.ts";
import { type Given, variable } from "../process.ts";
import { type Value, valueIn } from "../region.ts";
import { optionOfVariable } from "../worker-options.ts";
import { removePair } from "./remove-pair.ts";
import { scalarTraps } from "./scalar-traps.ts";
import { scalarValue } from "./scalar-value.ts";
import {
  asList,
  asMap,
  asScalar,
  type Cursor,
  child,
  deref,
  type Entry,
  entries,
  entry,
  items,
  rangeOf,
  spanOf,
  textOf,
} from "./yaml-file.ts";

/** How the reader of an environment in YAML takes its values. */
export interface EnvReader {
  /** For people: `environment`, `env`. */
  readonly from: string;
  /** What this reader does to a scalar's text: compose interpolates. */
  readonly decode: (value: Value) => Value;
  /** Whether it refuses numbers and booleans. */
  readonly stringsOnly: boolean;
  /** Whether a variable may be a map with its value inside: `NAME: { value: …, description: … }`. */
  readonly nests?: boolean;
  /** Whether quotes around the value in `NAME="value"` are no part of it, as in Kustomize. */
  readonly unquotes?: boolean;
  readonly traps: Trap[];
  /** Which variables are worth reading; all of them where it is absent. */
  readonly wants?: (name: string) => boolean;
}

function read(at: Cursor, slot: unknown, inFlow: boolean, reader: EnvReader, name: string) {
  const option = optionOfVariable(name);
  const { stringsOnly } = reader;
  const ours = option === "workloops" || option === "capacity" || option === "queues";
  if (ours || (stringsOnly && option !== undefined)) {
    reader.traps.push(...scalarTraps(at, { node: slot, inFlow, stringsOnly }));
  }
  const place = { ...at, node: deref(at.file, at.document, slot) };
  if (isNothing(place)) return undefined;
  const value = scalarValue(place, inFlow);
  return value && reader.decode(value);
}

/** Nothing behind the colon: what that means is the reader's to say, and it is never a text. */
function isNothing(at: Cursor): boolean {
  const node = asScalar(at);
  return at.node === undefined || (node?.type === "PLAIN" && node.value === null);
}

function together(
  a: { start: number; end: number },
  b: { start: number; end: number } | undefined,
) {
  return b !== undefined && b.start >= a.end ? { start: a.start, end: b.end } : a;
}

function ofPair(at: Cursor, pair: Entry, reader: EnvReader): Given {
  const inner =
    reader.nests === true
      ? entry({ ...at, node: deref(at.file, at.document, pair.value) }, "value")
      : undefined;
  const slot = inner ?? pair;
  const value = read(at, slot.value, slot.inFlow, reader, pair.key);
  const { uri } = at.file;
  const span = together(spanOf(at.file, pair.keyNode), value?.span);
  const { from } = reader;
  return variable({ uri, name: pair.key, span, value, from, remove: removePair(at.file, pair) });
}

/** `NAME: value` pairs. */
export function fromMap(at: Cursor, reader: EnvReader): Given[] {
  const { wants = () => true } = reader;
  return entries(at)
    .filter((pair) => wants(pair.key))
    .map((pair) => ofPair(at, pair, reader));
}

/** `- NAME=value` strings. */
export function fromStrings(at: Cursor, reader: EnvReader): Given[] {
  const inFlow = asList(at)?.flow === true;
  const { uri } = at.file;
  const { from } = reader;
  return items(at).flatMap((item): Given[] => {
    // `- NAME: value` is a map of one pair, which no reader of such a list accepts.
    const [pair] = entries(item);
    if (pair !== undefined) {
      const given = ofPair(item, pair, reader);
      if (given.option === "workloops")
        reader.traps.push(...scalarTraps(at, { node: item.node, inFlow, stringsOnly: false }));
      return [given];
    }
    const found = scalarValue(item, inFlow);
    const word = found && reader.decode(found);
    const parts = word && assignment(word);
    if (word === undefined || parts === undefined) return [];
    if (optionOfVariable(parts.name) === "workloops") {
      reader.traps.push(...scalarTraps(at, { node: item.node, inFlow, stringsOnly: false }));
    }
    const { name, value: written } = parts;
    const value = written && reader.unquotes === true ? unquoted(written) : written;
    return [variable({ uri, name, value, span: word.content, from, remove: undefined })];
  });
}

function unquoted(value: Value): Value {
  const { text } = value;
  return /^(["'])[\s\S]*\1$/.test(text) && text.length > 1
    ? slice(value, 1, text.length - 1)
    : value;
}

/** `- name: NAME` with `value: …`, in either order; `keys` are how the two are spelled. */
export function fromPairs(at: Cursor, reader: EnvReader, keys: readonly [string, string]): Given[] {
  return items(at).flatMap((item) => fromPair(item, reader, keys) ?? []);
}

/** One map of a name and its value. */
export function fromPair(
  item: Cursor,
  reader: EnvReader,
  [nameKey, valueKey]: readonly [string, string],
): Given | undefined {
  const { file } = item;
  const name = entry(item, nameKey);
  const text = textOf(child(item, nameKey));
  if (name === undefined || text === undefined || asMap(item) === undefined) return undefined;
  const slot = entry(item, valueKey);
  const value =
    slot === undefined ? unsaid(item) : read(item, slot.value, slot.inFlow, reader, text);
  const named = spanOf(file, name.value);
  const span = value === undefined ? named : union(named, value.span);
  const { from } = reader;
  const given = variable({ uri: file.uri, name: text, span, value, from, remove: undefined });
  const source = slot === undefined ? keyOf(item) : undefined;
  return source === undefined ? given : { ...given, source };
}

/** The key of an object that `valueFrom` names. */
function keyOf(item: Cursor): Given["source"] {
  for (const [ref, object] of [
    ["configMapKeyRef", "config-map"],
    ["secretKeyRef", "secret"],
  ] as const) {
    const name = textOf(child(item, "valueFrom", ref, "name"));
    const key = textOf(child(item, "valueFrom", ref, "key"));
    if (name !== undefined && key !== undefined) return { object, name, key };
  }
  return undefined;
}

/** A pair without a value has the empty text, unless `valueFrom` brings one from elsewhere. */
function unsaid(item: Cursor): Value {
  const from = entry(item, "valueFrom") ?? entry(item, "ValueFrom");
  const end = rangeOf(item.node).end;
  const span = from === undefined ? { start: end, end } : rangeOf(from.keyNode);
  const certainty = from === undefined ? "exact" : "opaque";
  const decoded = { text: "", segments: [], certainty, span, content: span } as const;
  return valueIn(at(item), decoded, { inline: () => undefined, whole: () => undefined });
}

const at = ({ file }: Cursor) => file.origin;

function union(a: { start: number; end: number }, b: { start: number; end: number }) {
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}
