import type { Span } from "@workloops/parser";
import type { Process } from "./process.ts";

/** A replacement in a file: the characters of `span` give way to `text`. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

/**
 * A stretch of a decoded text and the stretch of the file that it was read from. Equal
 * lengths map character by character; otherwise the stretch is an escape and maps whole.
 */
export interface Segment {
  readonly text: Span;
  readonly file: Span;
}

/**
 * What is known of a text at the moment the process reads it: it is `exact`, it is a
 * `default` that a variable may replace, or it is `opaque` and never guessed.
 */
export type Certainty = "exact" | "default" | "opaque";

/** A text as its reader receives it, and how to write another one in its place. */
export interface Value {
  readonly uri: string;
  /** Decoded. Where the value is opaque: the parts of it that are known. */
  readonly text: string;
  readonly certainty: Certainty;
  /** In the file: what is written, quotes included. */
  readonly span: Span;
  /** In the file: what is written inside the quotes. */
  readonly content: Span;
  readonly segments: readonly Segment[];
  /** The variable whose value stands for the whole text where it is set: `${NAME:-text}`. */
  readonly variable?: string;
  /** The edit that makes the reader receive `value`; undefined where this place cannot hold it. */
  readonly write: (value: string) => Edit | undefined;
}

/** A workloops value, and what else the process that receives it is given there. */
export interface Region extends Value {
  readonly process: Process;
}

/** How a place is quoted. */
export interface Quoting {
  /** What to write for `chars` between the present quotes, where the whole will be `value`; undefined: not possible. */
  readonly inline: (chars: string, value: string) => string | undefined;
  /** What to write for the whole value, with new quotes; undefined: this place cannot hold it. */
  readonly whole: (value: string) => string | undefined;
}

/** A decoded text before it is tied to its file: offsets are those of the text it was decoded from. */
export interface Decoded {
  readonly text: string;
  readonly segments: readonly Segment[];
  readonly certainty: Certainty;
  readonly span: Span;
  readonly content: Span;
}

/** Collects a decoded text piece by piece. */
export interface Pieces {
  /** Characters that stand for themselves. */
  readonly same: (source: string, start: number, end: number) => void;
  /** Characters that stand for others. */
  readonly escape: (text: string, start: number, end: number) => void;
  readonly text: () => string;
  /** All of them, as what stands in `span`; `content` is without its quotes. */
  readonly decoded: (span: Span, certainty?: Certainty, content?: Span) => Decoded;
}

export function pieces(): Pieces {
  const parts: string[] = [];
  const segments: { text: Span; file: Span }[] = [];
  let length = 0;
  const add = (text: string, start: number, end: number) => {
    segments.push({ text: { start: length, end: length + text.length }, file: { start, end } });
    parts.push(text);
    length += text.length;
  };
  return {
    same: (source, start, end) => {
      if (end > start) add(source.slice(start, end), start, end);
    },
    escape: add,
    text: () => parts.join(""),
    decoded: (span, certainty = "exact", content = span) => ({
      text: parts.join(""),
      ...{ segments, certainty, span, content },
    }),
  };
}

const even = ({ text, file }: Segment) => text.end - text.start === file.end - file.start;

/** A span of the decoded text in the file. An empty span in an empty value is the start of its content. */
export function toFile(value: Pick<Value, "segments" | "content">, span: Span): Span {
  const start = edge(value, span.start, "start");
  if (span.end <= span.start) return { start, end: start };
  return { start, end: Math.max(start, edge(value, span.end, "end")) };
}

function edge(
  value: Pick<Value, "segments" | "content">,
  at: number,
  side: "start" | "end",
): number {
  for (const segment of value.segments) {
    const { text, file } = segment;
    const inside =
      side === "start" ? at >= text.start && at < text.end : at > text.start && at <= text.end;
    if (!inside) continue;
    if (even(segment)) return file.start + at - text.start;
    return side === "start" ? file.start : file.end;
  }
  const last = value.segments.at(-1);
  if (last === undefined) return value.content.start;
  return at >= last.text.end ? last.file.end : (value.segments[0]?.file.start ?? 0);
}

/** An offset of the file in the decoded text; undefined outside the value's content. */
export function fromFile(
  value: Pick<Value, "segments" | "content">,
  offset: number,
): number | undefined {
  if (offset < value.content.start || offset > value.content.end) return undefined;
  let before = 0;
  for (const segment of value.segments) {
    const { text, file } = segment;
    if (offset < file.start) return before;
    if (offset < file.end) return even(segment) ? text.start + offset - file.start : text.start;
    before = text.end;
  }
  return before;
}

/** A text that values are decoded from: a file, or a value in which another language is written. */
export interface Origin {
  readonly uri: string;
  readonly text: string;
  readonly segments: readonly Segment[];
  readonly content: Span;
  readonly certainty: Certainty;
  readonly write: (value: string) => Edit | undefined;
  /** An edit of `text` as one of the file, where that needs no look at the rest of the text. */
  readonly edit?: (edit: Edit) => Edit;
}

/** An edit of an origin's text as one of its file; undefined where its place cannot hold the result. */
export function editIn(origin: Origin, edit: Edit): Edit | undefined {
  return origin.edit === undefined ? origin.write(apply(origin.text, edit)) : origin.edit(edit);
}

/** A whole file as an origin. */
export function fileOrigin(uri: string, text: string): Origin {
  const span = { start: 0, end: text.length };
  return {
    uri,
    text,
    segments: [{ text: span, file: span }],
    content: span,
    certainty: "exact",
    write: (value) => change(text, value, span),
    edit: (edit) => change(text.slice(edit.span.start, edit.span.end), edit.text, edit.span),
  };
}

/** The smallest single replacement that turns `before` into `after`. */
export function change(before: string, after: string, within: Span): Edit {
  let head = 0;
  const most = Math.min(before.length, after.length);
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return {
    span: { start: within.start + head, end: within.start + before.length - tail },
    text: after.slice(head, after.length - tail),
  };
}

/** Applies an edit to the text whose offsets it has. */
export function apply(text: string, edit: Edit): string {
  return applyWithin(text, { start: 0, end: text.length }, edit);
}

/** What an edit makes of the part of a text that it lies in. A long text is not written anew for it. */
export function applyWithin(text: string, part: Span, edit: Edit): string {
  return text.slice(part.start, edit.span.start) + edit.text + text.slice(edit.span.end, part.end);
}

/**
 * Stands, as often as the template is long, for what a template will put in a place: it keeps
 * every offset, means nothing in any host's syntax, and makes a value opaque.
 */
export const hole = "\ue000";

/** Ties a text decoded from `origin` to the file. */
export function valueIn(origin: Origin, decoded: Decoded, quoting: Quoting): Value {
  const write = (value: string): Edit | undefined => {
    const edit = decodedEdit(decoded, value, quoting);
    return edit && editIn(origin, edit);
  };
  return {
    uri: origin.uri,
    text: decoded.text,
    certainty: decoded.text.includes(hole) ? "opaque" : worse(origin.certainty, decoded.certainty),
    span: toFile(origin, decoded.span),
    content: toFile(origin, decoded.content),
    segments: decoded.segments.flatMap((segment) => through(origin, segment)),
    write,
  };
}

function worse(a: Certainty, b: Certainty): Certainty {
  if (a === "opaque" || b === "opaque") return "opaque";
  return a === "default" || b === "default" ? "default" : "exact";
}

function decodedEdit(decoded: Decoded, value: string, quoting: Quoting): Edit | undefined {
  if (value === decoded.text && decoded.certainty === "exact") {
    return { span: { start: decoded.content.start, end: decoded.content.start }, text: "" };
  }
  const small = change(decoded.text, value, { start: 0, end: decoded.text.length });
  const place = wholeEscapes(decoded, small);
  const chars = value.slice(place.start, place.end);
  const inline = crossesQuotes(decoded, place) ? undefined : quoting.inline(chars, value);
  if (inline !== undefined) return { span: place.from, text: inline };
  const whole = quoting.whole(value);
  return whole === undefined ? undefined : { span: decoded.span, text: whole };
}

/** Whether a change reaches over text that belongs to no segment: over the end of one pair of quotes and the start of another. */
function crossesQuotes({ segments }: Decoded, { from }: { readonly from: Span }): boolean {
  let end = from.start;
  for (const { file } of segments) {
    if (file.end <= from.start || file.start >= from.end) continue;
    if (file.start > end) return true;
    end = Math.max(end, file.end);
  }
  return end < from.end;
}

/** Widens a change so that it never cuts an escape: `from` in the origin, start and end in the new value. */
function wholeEscapes(decoded: Decoded, small: Edit) {
  let { start, end } = small.span;
  for (const segment of decoded.segments) {
    if (even(segment)) continue;
    const { text } = segment;
    if (start > text.start && start < text.end) start = text.start;
    if (end > text.start && end < text.end) end = text.end;
  }
  const after = end + small.text.length - (small.span.end - small.span.start);
  const from =
    start === end
      ? { start: edge(decoded, start, "end"), end: edge(decoded, start, "end") }
      : toFile(decoded, { start, end });
  return { from: start === 0 && end === 0 ? at(decoded) : from, start, end: after };
}

function at(decoded: Decoded): Span {
  const start = decoded.segments[0]?.file.start ?? decoded.content.start;
  return { start, end: start };
}

/** A segment over the origin's text as segments over the file. */
function through(origin: Origin, segment: Segment): Segment[] {
  if (!even(segment)) return [{ text: segment.text, file: toFile(origin, segment.file) }];
  const found: Segment[] = [];
  for (const outer of origin.segments) {
    const start = Math.max(outer.text.start, segment.file.start);
    const end = Math.min(outer.text.end, segment.file.end);
    if (start >= end) continue;
    const shift = segment.text.start - segment.file.start;
    const file = even(outer)
      ? {
          start: outer.file.start + start - outer.text.start,
          end: outer.file.start + end - outer.text.start,
        }
      : outer.file;
    found.push({ text: { start: start + shift, end: end + shift }, file });
  }
  return found;
}
