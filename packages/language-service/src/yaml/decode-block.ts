import type { Scalar } from "yaml";
import { type Pieces, pieces } from "../region.ts";

interface Line {
  readonly start: number;
  readonly end: number;
  /** Where the next line begins. */
  readonly next: number;
}

/** How many spaces an explicit indentation indicator can stand for, nesting included. */
const mostIndent = 64;

/** Decodes a literal or folded block scalar. */
export function decodeBlock(source: string, node: Scalar, wanted: string): Pieces {
  const [start, end] = node.range ?? [0, 0, 0];
  const headEnd = source.indexOf("\n", start);
  const lines = headEnd < 0 ? [] : linesOf(source, headEnd + 1, end);
  const header = source.slice(start, headEnd < 0 ? end : headEnd).replace(/\s#.*/, "");
  const folded = node.type === "BLOCK_FOLDED";
  const first = lines.find((line) => line.end > indentEnd(source, line));
  const natural = first === undefined ? 0 : indentEnd(source, first) - first.start;
  if (!/[1-9]/.test(header)) return withIndent(source, lines, natural, folded, header);
  for (let indent = Math.min(natural, mostIndent); indent > 0; indent -= 1) {
    const out = withIndent(source, lines, indent, folded, header);
    if (out.text() === wanted) return out;
  }
  return withIndent(source, lines, natural, folded, header);
}

function linesOf(source: string, from: number, end: number): Line[] {
  const lines: Line[] = [];
  let start = from;
  while (start < end) {
    const feed = source.indexOf("\n", start);
    const stop = feed < 0 || feed >= end ? end : feed;
    const bare = stop > start && source[stop - 1] === "\r" ? stop - 1 : stop;
    const next = stop === end ? end : stop + 1;
    lines.push({ start, end: bare, next });
    start = next;
  }
  return lines;
}

function indentEnd(source: string, line: Line): number {
  let at = line.start;
  while (at < line.end && source[at] === " ") at += 1;
  return at;
}

function withIndent(
  source: string,
  lines: readonly Line[],
  indent: number,
  folded: boolean,
  header: string,
): Pieces {
  const content = lines.map((line) => ({
    ...line,
    from: Math.min(line.start + indent, line.end),
  }));
  let last = content.length;
  while (last > 0) {
    const line = content[last - 1];
    if (line === undefined || line.end > line.from) break;
    last -= 1;
  }
  const out = pieces();
  for (let i = 0; i < last; i += 1) {
    const line = content[i];
    if (line === undefined) break;
    out.same(source, line.from, line.end);
    if (i + 1 === last) break;
    i = lineBreak(source, content, i, last, folded, out);
  }
  endOfBlock(content, last, header, out);
  return out;
}

type Content = Line & { readonly from: number };

/** Writes the break behind line `i` and returns the index of the line before the next text. */
function lineBreak(
  source: string,
  content: readonly Content[],
  i: number,
  last: number,
  folded: boolean,
  out: Pieces,
): number {
  const line = content[i];
  if (line === undefined) return i;
  let next = i + 1;
  while (next < last && isBlank(content[next])) next += 1;
  const after = content[next];
  if (after === undefined) return i;
  const breaks = next - i;
  const plain = folded && !isBlank(line) && !spaced(source, line) && !spaced(source, after);
  let text = "\n".repeat(breaks);
  if (plain) text = breaks === 1 ? " " : "\n".repeat(breaks - 1);
  out.escape(text, line.end, after.from);
  return next - 1;
}

const isBlank = (line: Content | undefined) => line !== undefined && line.end <= line.from;

/** More indented lines keep their breaks. */
function spaced(source: string, line: Content): boolean {
  const char = source[line.from] ?? "";
  return line.end > line.from && (char === " " || char === "\t");
}

function endOfBlock(content: readonly Content[], last: number, header: string, out: Pieces): void {
  const line = content[last - 1];
  const end = content.at(-1);
  if (end === undefined || header.includes("-")) return;
  if (header.includes("+")) {
    const from = line?.end ?? content[0]?.start ?? 0;
    const breaks = content.length - last + (last > 0 ? 1 : 0);
    if (breaks > 0) out.escape("\n".repeat(breaks), from, end.next);
  } else if (line !== undefined && out.text() !== "") out.escape("\n", line.end, line.next);
}
