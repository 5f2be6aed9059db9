import type { Related, Severity } from "./diagnostic.ts";
import type { Span } from "./span.ts";
import { visibleCharacter } from "./visible.ts";

/** What a code frame shows. */
export interface FrameInput {
  /** The text that the span points into. */
  readonly text: string;
  readonly span: Span;
  /** A file's name, or where else the text comes from, such as `WORKER_WORKLOOPS`. */
  readonly origin: string;
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** Places in the same text that belong to it. */
  readonly related?: readonly Related[];
  /** What to do about it, in one line. */
  readonly help?: string;
  /** Colours a part; the plain text where it is absent. */
  readonly paint?: (part: "severity" | "code" | "frame" | "caret", text: string) => string;
}

/** The widest line of text shown, in columns; what is left and right of it is cut. */
const shownColumns = 100;
const columnsBeforeCaret = 40;

/**
 * A problem as people read it, with the line that it stands in and carets below the span:
 *
 *     error[capacity-missing]: `manual>*` has no capacity …
 *      --> WORKER_WORKLOOPS:1:13
 *       |
 *     1 | fast_lane:1 manual>*
 *       |             ^^^^^^^^
 *
 * Linter and worker print the same. Lines end with LF; the last one is not ended.
 */
export function frame(input: FrameInput): string {
  const { text, span, origin, code, severity, message, help } = input;
  const paint = input.paint ?? ((_, part) => part);
  const { line, column, start, end } = lineAt(text, span.start);
  const number = String(line);
  const gutter = " ".repeat(number.length);
  const shown = window(text.slice(start, end), span.start - start, span.end - start);
  const bar = paint("frame", "|");
  const rows = [
    `${paint("severity", severity)}${paint("code", `[${code}]`)}: ${message}`,
    `${gutter}${paint("frame", "-->")} ${origin}:${line}:${column}`,
    `${gutter} ${bar}`,
    `${paint("frame", number)} ${bar} ${shown.text}`,
    `${gutter} ${bar} ${" ".repeat(shown.before)}${paint("caret", "^".repeat(shown.carets))}`,
  ];
  for (const place of input.related ?? []) {
    const there = lineAt(text, place.span.start);
    const note = `note: ${place.message}: ${origin}:${there.line}:${there.column}`;
    rows.push(`${gutter} ${paint("frame", "=")} ${note}`);
  }
  if (help !== undefined) rows.push(`${gutter} ${paint("frame", "=")} ${help}`);
  return rows.map((row) => row.trimEnd()).join("\n");
}

/** The line that holds an offset; line and column count from 1, the column in UTF-16 units. */
function lineAt(text: string, offset: number) {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const next = text.indexOf("\n", start);
  const lineEnd = next < 0 ? text.length : next;
  const end = text[lineEnd - 1] === "\r" && lineEnd > start ? lineEnd - 1 : lineEnd;
  let line = 1;
  for (let i = text.indexOf("\n"); i >= 0 && i < start; i = text.indexOf("\n", i + 1)) line += 1;
  return { line, column: offset - start + 1, start, end };
}

/** The part of a line around a span, with nothing in it that a terminal would obey or hide. */
function window(line: string, from: number, to: number) {
  const cells: { text: string; columns: number; at: number }[] = [];
  let at = 0;
  const first = Math.max(0, from - columnsBeforeCaret);
  for (const character of line.slice(first, first + shownColumns)) {
    const text = character === "\t" ? " " : visibleCharacter(character);
    cells.push({ text, columns: columnsOf(text), at: first + at });
    at += character.length;
  }
  const width = (pick: (at: number) => boolean) =>
    cells.reduce((sum, cell) => sum + (pick(cell.at) ? cell.columns : 0), 0);
  const cutLeft = first > 0 ? "…" : "";
  const cutRight = first + shownColumns < line.length ? "…" : "";
  return {
    text: cutLeft + cells.map(({ text }) => text).join("") + cutRight,
    before: cutLeft.length + width((cell) => cell < from),
    carets: Math.max(
      1,
      width((cell) => cell >= from && cell < to),
    ),
  };
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}]|[\u{20000}-\u{3fffd}]/u;

/** Columns that a terminal gives to a text: East Asian wide characters and emoji take two. */
function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += wide.test(character) ? 2 : 1;
  return columns;
}
