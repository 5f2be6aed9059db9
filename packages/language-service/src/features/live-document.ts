import { type Document, openDocument } from "../document.ts";
import { apply, type Edit, type Value } from "../region.ts";
import { shiftDocument, type Written } from "./shift-document.ts";

/**
 * A document while someone types in it. Parsing a host costs a hundred times what its values
 * cost, and nearly every keystroke that matters lands inside one value; such an edit only
 * moves what was read before.
 */
export interface LiveDocument {
  readonly document: Document;
  /** As it was last read whole. */
  readonly base: Document;
  /** What now stands inside values of the base, by the start of their content there. */
  readonly written: ReadonlyMap<number, Written>;
}

const untouched: ReadonlyMap<number, Written> = new Map();

export function live(uri: string, text: string): LiveDocument {
  const base = openDocument(uri, text);
  return { document: base, base, written: untouched };
}

/** The document after an edit: always equal to what `live` makes of the new text. */
export function editLive(now: LiveDocument, edit: Edit): LiveDocument {
  const text = apply(now.document.text, edit);
  const index = now.document.regions.findIndex(
    ({ content }) => edit.span.start >= content.start && edit.span.end <= content.end,
  );
  const before = now.document.regions[index];
  const origin = now.base.regions[index];
  const content = before && contentAfter(now, before, edit);
  if (before === undefined || origin === undefined || content === undefined) {
    return live(now.document.uri, text);
  }
  const written = new Map(now.written);
  written.set(origin.content.start, { end: origin.content.end, text: content });
  return { base: now.base, written, document: shiftDocument(now.base, text, written) };
}

// Words, and what the language itself writes: none of it ends a quote or begins an escape.
const plain = /^[A-Za-z0-9_>:* ]*$/;
const word = /^[A-Za-z0-9_:]*$/;

/**
 * What a value's content is after an edit of it; undefined where the edit may do more than
 * that. Made of the value and not of the file: an engine keeps the whole of a text alive for
 * as long as a part that was cut out of it is used.
 */
function contentAfter(
  { document, base }: LiveDocument,
  value: Value,
  edit: Edit,
): string | undefined {
  const { content, span } = value;
  if (base.problems.length > 0 || value.certainty !== "exact") return undefined;
  // Every character must stand for itself, or an edit of the file is none of the value.
  if (document.text.slice(content.start, content.end) !== value.text) return undefined;
  if (document.traps.some((trap) => trap.span.start <= span.end && trap.span.end >= span.start)) {
    return undefined;
  }
  const start = edit.span.start - content.start;
  const end = edit.span.end - content.start;
  const after = apply(value.text, { span: { start, end }, text: edit.text });
  if (!plain.test(value.text) || !plain.test(after) || after === "") return undefined;
  const quoted = /["']/.test(document.text[content.start - 1] ?? "");
  return quoted || staysPlain(value.text.slice(start, end), edit.text, after) ? after : undefined;
}

/**
 * Without quotes a space may end the value, a star begin something else, and a number or
 * `true` be no string: only words may change, and the value must go on looking like one.
 */
function staysPlain(removed: string, inserted: string, after: string): boolean {
  return (
    word.test(removed) &&
    word.test(inserted) &&
    /^[A-Za-z_].*[>:].*[A-Za-z0-9_*]$/.test(after) &&
    !/: /.test(after)
  );
}
