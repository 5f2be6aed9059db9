import { comments, knownQueues, type Span } from "@workloops/parser";
import { type Document, regionAt } from "../document.ts";
import { apply, fromFile, type Region, toFile } from "../region.ts";
import { queueOrigin } from "./queue-origin.ts";
import { canGrow } from "./viable.ts";

export interface Completion {
  readonly label: string;
  readonly kind: "queue" | "wildcard" | "operator" | "capacity";
  readonly detail: string;
  /** In the file: what gives way. One line, and the cursor is in it. */
  readonly span: Span;
  readonly text: string;
  /** What an editor compares with the text of `span` up to the cursor. */
  readonly filter: string;
}

export interface CompletionContext {
  /** Names of queues that the settings declare. */
  readonly queues?: readonly string[];
  /** Names of queues that other configurations of the workspace use. */
  readonly used?: readonly string[];
}

/** What one group's text may take at a place: `before` and `after` are of that group alone. */
export interface Token {
  readonly text: string;
  readonly kind: Completion["kind"];
  readonly detail: string;
}

/** Whatever may stand at an offset; never a token behind which no valid group could follow. */
export function complete(
  document: Document,
  offset: number,
  context: CompletionContext = {},
): Completion[] {
  const region = regionAt(document, offset);
  const at = region && fromFile(region, offset);
  if (region === undefined || at === undefined || inComment(document, offset)) return [];
  const { word, before, after } = around(region.text, at);
  return tokens(before, after, context).flatMap(
    (token) => place(document, region, word, token, offset) ?? [],
  );
}

/** The word at an offset of a value, and the rest of its group before and behind that word. */
export function around(text: string, at: number): { word: Span; before: string; after: string } {
  const left = /[A-Za-z0-9_]*$/.exec(text.slice(0, at))?.[0].length ?? 0;
  const right = /^[A-Za-z0-9_]*/.exec(text.slice(at))?.[0].length ?? 0;
  const word = { start: at - left, end: at + right };
  const before = /[^ \t\r\n]*$/.exec(text.slice(0, word.start))?.[0] ?? "";
  const after = /^[^ \t\r\n]*/.exec(text.slice(word.end))?.[0] ?? "";
  return { word, before, after };
}

/** The tokens that may stand between two parts of one group. */
export function tokens(before: string, after: string, context: CompletionContext): Token[] {
  return candidates(context).filter(
    ({ text }) => canGrow(before + text) && (after === "" || canGrow(before + text + after)),
  );
}

function candidates({ queues = [], used = [] }: CompletionContext): Token[] {
  const names = [...new Set([...knownQueues({ queues }), ...used])];
  return [
    ...names.map(
      (text): Token => ({ text, kind: "queue", detail: queueOrigin(text, [...queues, ...used]) }),
    ),
    { text: "*", kind: "wildcard", detail: "any queue" },
    { text: ">", kind: "operator", detail: "and after it …" },
    { text: ">*", kind: "operator", detail: "and after it any queue" },
    ...["1", "2", "4", "5", "10"].flatMap((text): Token[] => [
      { text, kind: "capacity", detail: `${text} at once` },
      { text: `:${text}`, kind: "capacity", detail: `${text} at once` },
    ]),
  ];
}

/** Writes a token as this place of this file needs it; nothing where it cannot hold it. */
function place(
  document: Document,
  region: Region,
  word: Span,
  token: Token,
  offset: number,
): Completion | undefined {
  const value = region.text.slice(0, word.start) + token.text + region.text.slice(word.end);
  const edit = region.write(value);
  if (edit === undefined) return undefined;
  const written = toFile(region, word);
  // In an empty or white value the place of the cursor is as good as the value's start.
  const spot = word.start === word.end ? { start: offset, end: offset } : written;
  const changed = edit.text !== "" || edit.span.end > edit.span.start;
  const span = changed
    ? { start: Math.min(spot.start, edit.span.start), end: Math.max(spot.end, edit.span.end) }
    : spot;
  const grown = edit.text.length - (edit.span.end - edit.span.start);
  const text = apply(document.text, edit).slice(span.start, span.end + grown);
  if (/[\r\n]/.test(text) || /[\r\n]/.test(document.text.slice(span.start, span.end)))
    return undefined;
  const filter = document.text.slice(span.start, spot.start) + token.text;
  return { label: token.text, kind: token.kind, detail: token.detail, span, text, filter };
}

function inComment(document: Document, offset: number): boolean {
  if (document.host !== "workloops") return false;
  return comments(document.text).some(({ start, end }) => offset > start && offset <= end);
}
