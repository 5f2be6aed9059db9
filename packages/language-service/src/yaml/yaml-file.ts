import type { Span } from "@workloops/parser";
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseAllDocuments,
  type Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type { Problem } from "../hosts/host.ts";
import { type Edit, editIn, type Origin, toFile } from "../region.ts";
import { relevant } from "./relevant.ts";

/** A parsed YAML text. JSON is YAML for this purpose. */
export interface YamlFile {
  readonly uri: string;
  readonly text: string;
  readonly origin: Origin;
  readonly documents: readonly Document[];
  readonly problems: readonly Problem[];
  /** Nodes by anchor, in the order of the text; made when the first alias is met. */
  readonly anchors: Map<Document, Map<string, Node[]>>;
}

/** One `key: value`, also where a merge brought it. */
export interface Entry {
  readonly key: string;
  readonly keyNode: Scalar;
  readonly value: Node | null;
  /** Whether the pair stands between braces. */
  readonly inFlow: boolean;
}

/** Where the stack ends depends on the version of Node, and the parser says it in Node's words. */
const tooDeep = "nested too deeply to be read";

const options = {
  logLevel: "silent",
  uniqueKeys: false,
  strict: false,
  prettyErrors: false,
  stringKeys: false,
} as const;

/** Parses; what cannot be parsed is a problem, never an exception. */
export function parseYaml(origin: Origin, text = origin.text): YamlFile {
  const { uri } = origin;
  let documents: readonly Document[] = [];
  const problems: Problem[] = [];
  try {
    const parsed = parseAllDocuments(relevant(text), options);
    documents = Array.isArray(parsed) ? parsed : [];
  } catch (error) {
    // Thousands of nested brackets exhaust the stack of a recursive parser.
    if (!(error instanceof RangeError)) throw error;
    problems.push({ span: { start: 0, end: 0 }, message: tooDeep });
  }
  for (const document of documents) {
    for (const { pos, message } of document.errors) {
      problems.push({
        span: toFile(origin, { start: pos[0], end: pos[1] }),
        message: /call stack/.test(message) ? tooDeep : message,
      });
    }
  }
  return { uri, text, origin, documents, problems, anchors: new Map() };
}

/** Follows an alias to the node that it stands for; `undefined` where no anchor of that name precedes it. */
function target(file: YamlFile, document: Document, alias: Alias): Node | undefined {
  let byName = file.anchors.get(document);
  if (byName === undefined) {
    const found = new Map<string, Node[]>();
    visit(document, {
      Node(_key, node) {
        if (isAlias(node) || node.anchor === undefined) return;
        found.set(node.anchor, [...(found.get(node.anchor) ?? []), node]);
      },
    });
    byName = found;
    file.anchors.set(document, found);
  }
  const before = alias.range?.[0] ?? 0;
  return byName.get(alias.source)?.findLast((node) => (node.range?.[0] ?? 0) < before);
}

/** The node itself, or what an alias stands for. An anchor may hold an alias, but never itself. */
export function deref(file: YamlFile, document: Document, node: unknown): Node | undefined {
  let current = node;
  for (let depth = 0; depth < 8; depth += 1) {
    if (!isAlias(current)) return isNode(current) ? current : undefined;
    current = target(file, document, current);
  }
  return undefined;
}

function isNode(node: unknown): node is Node {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node);
}

/** A YAML node with what is needed to look further from it. */
export interface Cursor {
  readonly file: YamlFile;
  readonly document: Document;
  readonly node: Node | undefined;
}

export function rootOf(file: YamlFile, document: Document): Cursor {
  return { file, document, node: deref(file, document, document.contents) };
}

/** Merges may nest, and name each other in a circle. */
const mergeDepth = 8;
const mostMerged = 1000;

/** The pairs of a map, merged ones last and only where no own pair has their key. */
export function entries(at: Cursor): Entry[] {
  const byKey = new Map<string, Entry>();
  collect(at, byKey, 0);
  return [...byKey.values()];
}

function collect(at: Cursor, byKey: Map<string, Entry>, depth: number): void {
  if (!isMap(at.node) || depth > mergeDepth || byKey.size > mostMerged * mergeDepth) return;
  const merges: unknown[] = [];
  const own = new Map<string, Entry>();
  for (const pair of at.node.items) {
    const key = keyOf(at, pair);
    if (key === undefined) continue;
    if (String(key.value) === "<<") merges.push(pair.value);
    else {
      const name = key.source ?? String(key.value);
      const value = isNode(pair.value) ? pair.value : null;
      own.set(name, { key: name, keyNode: key, value, inFlow: at.node.flow === true });
    }
  }
  for (const [name, entry] of own) if (!byKey.has(name)) byKey.set(name, entry);
  for (const merge of merges) {
    const node = deref(at.file, at.document, merge);
    const sources = isSeq(node) ? node.items.slice(0, mostMerged) : [node];
    for (const source of sources) {
      const next = deref(at.file, at.document, source);
      if (next !== at.node) collect({ ...at, node: next }, byKey, depth + 1);
    }
  }
}

function keyOf(at: Cursor, pair: Pair): Scalar | undefined {
  if (isScalar(pair.key)) return pair.key;
  const node = deref(at.file, at.document, pair.key);
  return isScalar(node) ? node : undefined;
}

/** The entry of a key in a map; undefined in anything else. */
export function entry(at: Cursor, key: string): Entry | undefined {
  if (!isMap(at.node)) return undefined;
  let own: Entry | undefined;
  let merged = false;
  for (const pair of at.node.items) {
    const node = keyOf(at, pair);
    if (node === undefined) continue;
    const name = node.source ?? String(node.value);
    if (name === key) {
      own = {
        key,
        keyNode: node,
        value: isNode(pair.value) ? pair.value : null,
        inFlow: at.node.flow === true,
      };
    } else if (name === "<<") merged = true;
  }
  return own ?? (merged ? entries(at).find((found) => found.key === key) : undefined);
}

/** What stands under a path of keys. */
export function child(at: Cursor, ...keys: string[]): Cursor {
  let current = at;
  for (const key of keys) {
    const found = entry(current, key);
    current = { ...at, node: deref(at.file, at.document, found?.value) };
  }
  return current;
}

/** The items of a list, aliases followed. */
export function items(at: Cursor): Cursor[] {
  if (!isSeq(at.node)) return [];
  return at.node.items.map((item) => ({ ...at, node: deref(at.file, at.document, item) }));
}

export function asMap(at: Cursor): YAMLMap | undefined {
  return isMap(at.node) ? at.node : undefined;
}

export function asList(at: Cursor): YAMLSeq | undefined {
  return isSeq(at.node) ? at.node : undefined;
}

export function asScalar(at: Cursor): Scalar | undefined {
  return isScalar(at.node) ? at.node : undefined;
}

/** A scalar's text, whatever type its reader gives it. */
export function textOf(at: Cursor): string | undefined {
  const scalar = asScalar(at);
  if (scalar === undefined) return undefined;
  return typeof scalar.value === "string" ? scalar.value : (scalar.source ?? String(scalar.value));
}

/** Where a node stands in the YAML text, which is not the file where that text is embedded. */
export function rangeOf(node: Node | null | undefined): Span {
  const range = node?.range;
  return { start: range?.[0] ?? 0, end: range?.[1] ?? 0 };
}

/** Where a node stands in the file. */
export function spanOf(file: YamlFile, node: Node | null | undefined): Span {
  return toFile(file.origin, rangeOf(node));
}

/** An edit of the YAML text as one of the file. */
export function editOf(file: YamlFile, edit: Edit): Edit | undefined {
  return editIn(file.origin, edit);
}
