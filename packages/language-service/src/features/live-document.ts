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
  if (before === undefined || origin === undefined || !staysInside(now, before, edit)) {
    return live(now.document.uri, text);
  }
  const end = before.content.end + edit.text.length - (edit.span.end - edit.span.start);
  const written = new Map(now.written);
  const content = text.slice(before.content.start, end);
  written.set(origin.content.start, { end: origin.content.end, text: content });
  return { base: now.base, written, document: shiftDocument(now.base, text, written) };
}

// Words, and what the language itself writes: none of it ends a quote or begins an escape.
const plain = /^[A-Za-z0-9_>:* ]*$/;
const word = /^[A-Za-z0-9_:]*$/;

function staysInside({ document, base }: LiveDocument, value: Value, edit: Edit): boolean {
  const { content, span } = value;
  if (base.problems.length > 0 || value.certainty !== "exact") return false;
  // Every character must stand for itself, or an edit of the file is none of the value.
  if (document.text.slice(content.start, content.end) !== value.text) return false;
  if (document.traps.some((trap) => trap.span.start <= span.end && trap.span.end >= span.start)) {
    return false;
  }
  const removed = document.text.slice(edit.span.start, edit.span.end);
  const start = edit.span.start - content.start;
  const after = value.text.slice(0, start) + edit.text + value.text.slice(start + removed.length);
  if (!plain.test(value.text) || !plain.test(after) || after === "") return false;
  const quoted = /["']/.test(document.text[content.start - 1] ?? "");
  if (quoted) return true;
  // Without quotes a space may end the value, a star begin something else, and a number or
  // `true` be no string: only words may change, and the value must go on looking like one.
  return (
    word.test(removed) &&
    word.test(edit.text) &&
    /^[A-Za-z_].*[>:].*[A-Za-z0-9_*]$/.test(after) &&
    !/: /.test(after)
  );
}
