import type { Group } from "../ast.ts";
import type { Span } from "../span.ts";

/** A broken group as text, cut as the worker cuts it: at its last colon. */
export interface GroupText {
  readonly text: string;
  readonly start: number;
  /** The names, left of the last colon; the whole text where there is no colon. */
  readonly names: readonly NameText[];
  /** What stands right of the last colon, or `undefined` without a colon. */
  readonly count:
    | { readonly text: string; readonly span: Span; readonly colon: number }
    | undefined;
}

export interface NameText {
  readonly name: string;
  readonly span: Span;
}

export function groupText(source: string, group: Group): GroupText {
  const { start, end } = group.span;
  const text = source.slice(start, end);
  const cut = text.lastIndexOf(":");
  const left = cut < 0 ? text : text.slice(0, cut);
  const names: NameText[] = [];
  let at = start;
  for (const name of left.split(">")) {
    names.push({ name, span: { start: at, end: at + name.length } });
    at += name.length + 1;
  }
  if (cut < 0) return { text, start, names, count: undefined };
  const span = { start: start + cut + 1, end };
  return { text, start, names, count: { text: text.slice(cut + 1), span, colon: start + cut } };
}

const wordPattern = /^[A-Za-z0-9_]+$/;

export function isWord(text: string): boolean {
  return wordPattern.test(text);
}

/** The first name that is empty, too long or holds what no name may hold. The wildcard is a good name here, wherever it stands. */
export function firstBadName(names: readonly NameText[], longest: number): number {
  return names.findIndex(({ name }) => {
    return name !== "*" && (!isWord(name) || name.length > longest);
  });
}
