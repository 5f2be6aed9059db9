import type { Span } from "@workloops/parser";
import { type Origin, pieces, toFile, type Value, valueIn } from "../region.ts";

/** One `Name=value` of a unit. */
export interface Directive {
  readonly name: string;
  readonly nameSpan: Span;
  /** Everything behind the `=` as one line. */
  readonly value: Value;
}

/** The directives of a unit in order. A backslash at the end of a line is a space. */
export function directives(origin: Origin): Directive[] {
  const { text } = origin;
  const found: Directive[] = [];
  let at = 0;
  while (at < text.length) {
    const end = endOf(text, at);
    const head = /^[ \t]*([A-Za-z][A-Za-z0-9-]*)[ \t]*=[ \t]*/.exec(text.slice(at, end));
    if (head === null) {
      at = nextOf(text, end);
      continue;
    }
    const name = head[1] ?? "";
    const start = at + head[0].indexOf(name);
    const { value, next } = continued(origin, at + head[0].length);
    found.push({ name, nameSpan: toFile(origin, { start, end: start + name.length }), value });
    at = next;
  }
  return found;
}

function endOf(text: string, at: number): number {
  const feed = text.indexOf("\n", at);
  const end = feed < 0 ? text.length : feed;
  return end > at && text[end - 1] === "\r" ? end - 1 : end;
}

function nextOf(text: string, end: number): number {
  const feed = text.indexOf("\n", end);
  return feed < 0 ? text.length : feed + 1;
}

function continued(origin: Origin, from: number) {
  const { text } = origin;
  const out = pieces();
  let at = from;
  let end = endOf(text, at);
  while (text[end - 1] === "\\" && end > at && end < text.length) {
    out.same(text, at, end - 1);
    let next = nextOf(text, end);
    while (/^[ \t]*[#;]/.test(text.slice(next, endOf(text, next))))
      next = nextOf(text, endOf(text, next));
    out.escape(" ", end - 1, next);
    at = next;
    end = endOf(text, at);
  }
  out.same(text, at, end);
  const span = { start: from, end };
  const value = valueIn(origin, out.decoded(span), {
    inline: (chars) => (/[\r\n]/.test(chars) ? undefined : chars),
    whole: () => undefined,
  });
  return { value, next: nextOf(text, end) };
}
