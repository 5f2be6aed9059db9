import { parse } from "./parse.ts";
import { printGroup } from "./print.ts";
import type { Span } from "./span.ts";

// A `#` begins a comment at the start of a line and behind white space, as in a shell. Elsewhere
// it is a character like any other, and an error, so that `manual>*:4#5` is not read as 4.
const commentPattern = /(?<=(?:^|[\r\n])\ufeff?|[ \t])#[^\r\n]*/g;

/** The comments of a `.workloops` file, without the ends of their lines. */
export function comments(file: string): readonly Span[] {
  return [...file.matchAll(commentPattern)].map(({ index, 0: text }) => ({
    start: index,
    end: index + text.length,
  }));
}

/**
 * The value that a `.workloops` file holds: its text with spaces in place of comments and of
 * a byte order mark at its start. It is as long as the file, so that a span in one is a span
 * in the other.
 */
export function sourceValue(file: string): string {
  return file
    .replace(/^\ufeff/, " ")
    .replace(commentPattern, (comment) => " ".repeat(comment.length));
}

/** A `.workloops` file in canonical text: each line's groups apart by one space, comments kept, one line end at the end. */
export function formatSource(file: string): string {
  const value = sourceValue(file);
  const { tree, diagnostics } = parse(value);
  if (diagnostics.some(({ code }) => code === "too-large" || code === "white-space-invalid")) {
    return file;
  }
  const ends = [...comments(file)];
  const lines: string[] = [];
  let start = 0;
  for (const line of file.split(/(?<=\n)/)) {
    const end = start + line.length;
    const inside = ({ span }: { span: Span }) => span.start >= start && span.start < end;
    const groups = tree.groups.filter(inside).map(printGroup);
    const comment = ends.find((span) => inside({ span }));
    if (comment !== undefined) groups.push(file.slice(comment.start, comment.end).trimEnd());
    lines.push(groups.join(" "));
    start = end;
  }
  return `${lines
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .replace(/^\n+|\n+$/g, "")}\n`;
}
