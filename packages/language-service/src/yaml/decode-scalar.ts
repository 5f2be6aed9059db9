import type { Scalar } from "yaml";
import { type Decoded, type Pieces, pieces } from "../region.ts";
import { decodeBlock } from "./decode-block.ts";

const named: Readonly<Record<string, string>> = {
  "0": "\0",
  a: "\x07",
  b: "\b",
  e: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  N: "\u0085",
  _: "\u00a0",
  L: "\u2028",
  P: "\u2029",
  " ": " ",
  '"': '"',
  "/": "/",
  "\\": "\\",
  "\t": "\t",
};
const hexDigits: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Decodes a scalar with the place of each character. The parser's own decoding has the last word. */
export function decodeScalar(source: string, node: Scalar): Decoded {
  const [start, end] = node.range ?? [0, 0, 0];
  const span = { start, end: trimmedEnd(source, node, start, end) };
  const wanted = typeof node.value === "string" ? node.value : (node.source ?? "");
  const content = contentOf(source, node, span.start, span.end);
  const out = decode(source, node, content.start, content.end, wanted);
  const decoded = out.decoded(span, "exact", content);
  if (decoded.text === wanted) return decoded;
  const segments = [{ text: { start: 0, end: wanted.length }, file: content }];
  return { ...decoded, text: wanted, segments };
}

/** A block scalar's range ends with its line breaks. Where they are stripped they belong to the file, not to the value. */
function trimmedEnd(source: string, node: Scalar, start: number, end: number): number {
  if (!isBlock(node) || String(node.value).endsWith("\n")) return end;
  let last = end;
  while (last > start && /[\s]/.test(source[last - 1] ?? "")) last -= 1;
  return last;
}

export function isBlock(node: Scalar): boolean {
  return node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED";
}

function contentOf(source: string, node: Scalar, start: number, end: number) {
  if (node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE") {
    const quote = node.type === "QUOTE_DOUBLE" ? '"' : "'";
    const closed = end - start > 1 && source[end - 1] === quote;
    return { start: start + 1, end: closed ? end - 1 : end };
  }
  if (!isBlock(node)) return { start, end };
  const line = source.indexOf("\n", start);
  if (line < 0 || line >= end) return { start: end, end };
  const indent = /^[ \t\r\n]*/.exec(source.slice(line + 1, end))?.[0].length ?? 0;
  return { start: line + 1 + indent, end };
}

function decode(source: string, node: Scalar, start: number, end: number, wanted: string): Pieces {
  if (isBlock(node)) return decodeBlock(source, node, wanted);
  const out = pieces();
  let at = start;
  while (at < end) {
    const next = flowStep(source, node, at, end, out);
    at = next;
  }
  return out;
}

/** Decodes one run, escape or line fold of a flow scalar and returns where the next begins. */
function flowStep(source: string, node: Scalar, at: number, end: number, out: Pieces): number {
  const fold = /^[ \t]*(?:\r?\n[ \t]*)+/.exec(source.slice(at, Math.min(end, at + 4096)))?.[0];
  if (fold !== undefined) {
    const breaks = fold.split("\n").length - 1;
    out.escape(breaks === 1 ? " " : "\n".repeat(breaks - 1), at, at + fold.length);
    return at + fold.length;
  }
  const char = source[at] ?? "";
  if (node.type === "QUOTE_SINGLE" && char === "'") {
    out.escape("'", at, Math.min(end, at + 2));
    return at + 2;
  }
  if (node.type === "QUOTE_DOUBLE" && char === "\\") return escapeStep(source, at, end, out);
  let stop = at + 1;
  while (stop < end && !/[\s'"\\]/.test(source[stop] ?? "")) stop += 1;
  out.same(source, at, stop);
  return stop;
}

function escapeStep(source: string, at: number, end: number, out: Pieces): number {
  const kind = source[at + 1] ?? "";
  const digits = hexDigits[kind];
  if (digits !== undefined) {
    const stop = Math.min(end, at + 2 + digits);
    const code = Number.parseInt(source.slice(at + 2, stop), 16);
    const known = Number.isNaN(code) || code > 0x10ffff ? "" : String.fromCodePoint(code);
    out.escape(known, at, stop);
    return stop;
  }
  const fold = /^\\\r?\n(?:[ \t]*\r?\n)*[ \t]*/.exec(
    source.slice(at, Math.min(end, at + 4096)),
  )?.[0];
  if (fold !== undefined) {
    out.escape("", at, at + fold.length);
    return at + fold.length;
  }
  out.escape(named[kind] ?? kind, at, Math.min(end, at + 2));
  return at + 2;
}
