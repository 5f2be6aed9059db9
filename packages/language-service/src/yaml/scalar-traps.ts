import type { Span } from "@workloops/parser";
import { isAlias, isMap, isScalar, isSeq, type Node } from "yaml";
import type { Trap } from "../hosts/host.ts";
import { looksCut } from "../hosts/looks-cut.ts";
import { toFile } from "../region.ts";
import { doubleQuoted } from "./quote-scalar.ts";
import { type Cursor, deref, editOf, rangeOf, type YamlFile } from "./yaml-file.ts";

/** Where a value was to stand, as YAML sees it. */
export interface Slot {
  readonly node: unknown;
  readonly inFlow: boolean;
  /** Whether the reader refuses numbers and booleans, as Kubernetes does. */
  readonly stringsOnly: boolean;
}

/** What YAML's own syntax does to a value that was written without quotes. */
export function scalarTraps(at: Cursor, slot: Slot): Trap[] {
  const { node } = slot;
  if (isAlias(node) && deref(at.file, at.document, node) === undefined) {
    return [aliasTrap(at.file, node.range?.[0] ?? 0, slot.inFlow)];
  }
  const found = deref(at.file, at.document, node);
  if (found === undefined) return [];
  if (isFunction(found)) return [];
  if (!isScalar(found)) return [shapeTrap(at.file, found)];
  if (found.type !== "PLAIN") return [];
  const { start, end } = rangeOf(found);
  const written = at.file.text.slice(start, end);
  if (slot.stringsOnly && typeof found.value !== "string" && found.value !== null) {
    const fix = quoteFix(at.file, { start, end }, written);
    const reads = `YAML reads ${written} as a ${typeof found.value}, and this place takes only strings`;
    return [
      { code: "yaml-not-a-string", span: toFile(at.file.origin, { start, end }), reads, fix },
    ];
  }
  return commentTraps(at.file, written, start, end);
}

/** CloudFormation's `{ "Ref": … }` and `{ "Fn::Sub": … }` become texts before anybody reads them. */
function isFunction(node: Node): boolean {
  const key: unknown = isMap(node) && node.items.length === 1 ? node.items[0]?.key : undefined;
  return isScalar(key) && /^(?:Ref|Fn::\w+)$/.test(String(key.value));
}

function aliasTrap(file: YamlFile, start: number, inFlow: boolean): Trap {
  const { text } = file;
  const stop = inFlow ? /[\r\n,\]}]|\s#/ : /[\r\n]|\s#/;
  const rest = text.slice(start);
  const written = rest.slice(0, stop.exec(rest)?.index ?? rest.length).trimEnd();
  const span = { start, end: start + written.length };
  const name = /^\*[^\s,[\]{}]*/.exec(written)?.[0] ?? "*";
  const reads = `YAML reads ${name} as an alias, and there is no anchor &${name.slice(1)}`;
  const fix = quoteFix(file, span, written);
  return { code: "yaml-alias", span: toFile(file.origin, span), reads, fix };
}

function shapeTrap(file: YamlFile, node: Node): Trap {
  const shape = isSeq(node) ? "list" : "map";
  const reads = `YAML reads a ${shape} here, and the process takes one string`;
  return {
    code: "yaml-not-a-string",
    span: toFile(file.origin, rangeOf(node)),
    reads,
    fix: undefined,
  };
}

function commentTraps(file: YamlFile, written: string, start: number, end: number): Trap[] {
  const { text } = file;
  const rest = /^[ \t]+#[^\r\n]*/.exec(text.slice(end, end + 4096))?.[0] ?? "";
  const value = written.slice(written.indexOf("=") + 1);
  if (!looksCut(value, rest)) return [];
  const comment = rest.trim();
  const from = end + rest.indexOf("#");
  const span = { start: from, end: from + comment.length };
  const reads = `YAML reads ${JSON.stringify(comment)} as a comment`;
  const meant = `${written} ${comment.replace(/^#\s*/, "")}`;
  const fix = quoteFix(file, { start, end: span.end }, meant);
  return [{ code: "yaml-comment-cuts", span: toFile(file.origin, span), reads, fix }];
}

function quoteFix(file: YamlFile, span: Span, value: string): Trap["fix"] {
  const edit = editOf(file, { span, text: doubleQuoted(value) });
  return edit && { title: "Quote the value", edits: [edit] };
}
