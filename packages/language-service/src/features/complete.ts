import { comments, knownQueues, type Span } from "@workloops/parser";
import { type Document, regionAt } from "../document.ts";
import { applyWithin, fromFile, type Region, toFile } from "../region.ts";
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

interface Token {
  readonly text: string;
  readonly kind: Completion["kind"];
  readonly detail: string;
  /** In the value: what it replaces. */
  readonly at: Span;
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
  return candidates(region.text, at, context)
    .filter((token) => canStand(region.text, token))
    .flatMap((token) => place(document, region, token, offset) ?? []);
}

/** Whether the token's group is the beginning of a valid group up to the token, and with what follows it. */
function canStand(text: string, { text: token, at }: Token): boolean {
  const before = /[^ \t\r\n]*$/.exec(text.slice(0, at.start))?.[0] ?? "";
  const after = /^[^ \t\r\n]*/.exec(text.slice(at.end))?.[0] ?? "";
  return canGrow(before + token) && canGrow(before + token + after);
}

/** Words take the place of the word at the cursor; what links words stands behind it. */
function candidates(text: string, at: number, context: CompletionContext): Token[] {
  const left = /[A-Za-z0-9_]*$/.exec(text.slice(0, at))?.[0].length ?? 0;
  const right = /^[A-Za-z0-9_]*/.exec(text.slice(at))?.[0].length ?? 0;
  const word = { start: at - left, end: at + right };
  if (text[word.start - 1] === ":") return capacities("", word);
  return [
    ...names(context).map((token): Token => ({ ...token, at: word })),
    { text: "*", kind: "wildcard", detail: "any queue", at: word },
    ...(right === 0 ? links({ start: at, end: at }) : []),
  ];
}

function names({ queues = [], used = [] }: CompletionContext) {
  const known = [...new Set([...knownQueues({ queues }), ...used])];
  const declared = [...queues, ...used];
  return known.map((text) => ({
    text,
    kind: "queue" as const,
    detail: queueOrigin(text, declared),
  }));
}

function links(at: Span): Token[] {
  return [
    { text: ">", kind: "operator", detail: "and after it …", at },
    { text: ">*", kind: "operator", detail: "and after it any queue", at },
    ...capacities(":", at),
  ];
}

function capacities(before: string, at: Span): Token[] {
  return ["1", "2", "4", "5", "10"].map((number) => ({
    text: before + number,
    kind: "capacity",
    detail: `${number} at once`,
    at,
  }));
}

/** Writes a token as this place of this file needs it; nothing where it cannot hold it. */
function place(
  document: Document,
  region: Region,
  token: Token,
  offset: number,
): Completion | undefined {
  const value = region.text.slice(0, token.at.start) + token.text + region.text.slice(token.at.end);
  const edit = region.write(value);
  if (edit === undefined) return undefined;
  const written = toFile(region, token.at);
  // In an empty or white value the place of the cursor is as good as the value's start.
  const spot = token.at.start === token.at.end ? { start: offset, end: offset } : written;
  const changed = edit.text !== "" || edit.span.end > edit.span.start;
  const span = changed
    ? { start: Math.min(spot.start, edit.span.start), end: Math.max(spot.end, edit.span.end) }
    : spot;
  const gone = document.text.slice(span.start, span.end);
  const text = changed ? applyWithin(document.text, span, edit) : gone;
  if (/[\r\n]/.test(text + gone)) return undefined;
  const filter = document.text.slice(span.start, spot.start) + token.text;
  return { label: token.text, kind: token.kind, detail: token.detail, span, text, filter };
}

function inComment(document: Document, offset: number): boolean {
  if (document.host !== "workloops") return false;
  return comments(document.text).some(({ start, end }) => offset > start && offset <= end);
}
