// Pictures: `$0` is the cursor, carets under a line are spans.
import { type Document, openDocument } from "@workloops/language-service";

export interface Cursor {
  readonly document: Document;
  readonly offset: number;
}

/** A document with a cursor where `$0` stands. */
export function cursor(uri: string, picture: string): Cursor {
  const offset = picture.indexOf("$0");
  if (offset < 0) throw new Error("The picture has no cursor: write $0 where it stands.");
  return { document: openDocument(uri, picture.replace("$0", "")), offset };
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The lines that hold a span, each with its carets below; what a person would see underlined. */
export function underlined(text: string, spans: readonly Span[]): string {
  const picture: string[] = [];
  let start = 0;
  for (const line of text.split("\n")) {
    const end = start + line.length;
    const here = spans.filter((span) => span.start >= start && span.end <= end);
    if (here.length > 0) {
      const carets = [...line].map((_, i) =>
        here.some((span) => start + i >= span.start && start + i < span.end) ? "^" : " ",
      );
      picture.push(line, carets.join("").trimEnd());
    }
    start = end + 1;
  }
  return picture.join("\n");
}

/** A text after edits that do not overlap. */
export function edited(
  text: string,
  edits: readonly { readonly span: Span; readonly text: string }[],
): string {
  return [...edits]
    .sort((a, b) => b.span.start - a.span.start)
    .reduce(
      (now, edit) => now.slice(0, edit.span.start) + edit.text + now.slice(edit.span.end),
      text,
    );
}
