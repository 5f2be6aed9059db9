import type { Span } from "@workloops/parser";
import { type Origin, pieces, toFile, type Value, valueIn } from "../region.ts";

/** One instruction, over as many lines as it is continued. */
export interface Instruction {
  /** In capitals. */
  readonly keyword: string;
  /** Everything behind the keyword as one line, continuations and the comments between them taken out. */
  readonly rest: Value;
  /** Where the whole instruction stands in the file. */
  readonly span: Span;
}

const asIs = {
  inline: (chars: string) => (/[\r\n]/.test(chars) ? undefined : chars),
  whole: () => undefined,
};

/** The instructions of a Dockerfile in order. */
export function instructions(origin: Origin): Instruction[] {
  const { text } = origin;
  const escapeSign = /^(?:\ufeff)?#\s*(?:syntax=.*\n#\s*)?escape\s*=\s*`/i.test(text) ? "`" : "\\";
  const found: Instruction[] = [];
  let at = 0;
  while (at < text.length) {
    const line = lineAt(text, at);
    const head = /^\s*\ufeff?([A-Za-z]+)(?=\s|$)/.exec(text.slice(at, line.end));
    if (head === null) {
      at = line.next;
      continue;
    }
    const { value, end } = logicalLine(origin, at + head[0].length, escapeSign);
    const keyword = (head[1] ?? "").toUpperCase();
    const start = at + head[0].length - keyword.length;
    const heredoc = heredocEnd(text, value.text, end.next);
    const rest = heredoc === undefined ? value : wholeOf(origin, at + head[0].length, heredoc);
    found.push({ keyword, rest, span: toFile(origin, { start, end: end.end }) });
    at = heredoc ?? end.next;
  }
  return found;
}

function lineAt(text: string, at: number) {
  const feed = text.indexOf("\n", at);
  const stop = feed < 0 ? text.length : feed;
  const end = stop > at && text[stop - 1] === "\r" ? stop - 1 : stop;
  return { end, next: feed < 0 ? text.length : feed + 1 };
}

function logicalLine(origin: Origin, from: number, escapeSign: string) {
  const { text } = origin;
  const out = pieces();
  let at = from;
  let line = lineAt(text, at);
  let last = line;
  for (;;) {
    const written = text.slice(at, line.end);
    const trimmed = written.trimEnd();
    last = line;
    if (!trimmed.endsWith(escapeSign) || line.next >= text.length) {
      out.same(text, at, line.end);
      break;
    }
    out.same(text, at, at + trimmed.length - 1);
    let next = line.next;
    // Comments and empty lines between the continued lines are not part of it.
    while (next < text.length && /^\s*(?:#.*)?$/.test(text.slice(next, lineAt(text, next).end))) {
      next = lineAt(text, next).next;
    }
    out.escape("", at + trimmed.length - 1, next);
    at = next;
    line = lineAt(text, at);
  }
  const span = { start: from, end: last.end };
  return { value: valueIn(origin, out.decoded(span), asIs), end: last };
}

/** Where the here-document that an instruction opens ends; undefined where it opens none. */
function heredocEnd(text: string, line: string, from: number): number | undefined {
  const [, dash, , delimiter] = /<<(-?)(["']?)([A-Za-z_][A-Za-z0-9_]*)\2/.exec(line) ?? [];
  if (delimiter === undefined) return undefined;
  for (let at = from; at < text.length; at = lineAt(text, at).next) {
    const written = text.slice(at, lineAt(text, at).end);
    if ((dash === "-" ? written.trimStart() : written) === delimiter) return lineAt(text, at).next;
  }
  return text.length;
}

function wholeOf(origin: Origin, start: number, end: number): Value {
  const out = pieces();
  out.same(origin.text, start, end);
  const span = { start, end };
  return valueIn(origin, out.decoded(span), { ...asIs, inline: (chars) => chars });
}
