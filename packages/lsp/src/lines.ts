/** How a client counts the characters of a line (LSP 3.17, PositionEncodingKind). */
export type Encoding = "utf-16" | "utf-8";

/** Line and character from 0, the character in units of an encoding. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** A text with the offsets at which its lines begin. */
export interface Lines {
  readonly text: string;
  readonly starts: readonly number[];
}

const lineFeed = 10;
const carriageReturn = 13;

/** Lines end as LSP says: with CR LF, LF or a lone CR. */
export function lines(text: string): Lines {
  const starts = [0];
  // An engine searches a text for one character many times faster than a loop reads it.
  let feed = next(text, "\n", 0);
  let turn = next(text, "\r", 0);
  while (feed !== nowhere || turn !== nowhere) {
    if (feed < turn) {
      starts.push(feed + 1);
      feed = next(text, "\n", feed + 1);
    } else {
      if (feed !== turn + 1) starts.push(turn + 1);
      turn = next(text, "\r", turn + 1);
    }
  }
  return { text, starts };
}

const nowhere = Number.POSITIVE_INFINITY;

function next(text: string, character: string, from: number): number {
  const at = text.indexOf(character, from);
  return at < 0 ? nowhere : at;
}

/** The position of an offset; past the end it is the end. */
export function positionAt({ text, starts }: Lines, offset: number, encoding: Encoding): Position {
  const at = Math.max(0, Math.min(offset, text.length));
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  const start = starts[low] ?? 0;
  return {
    line: low,
    character: encoding === "utf-16" ? at - start : utf8Length(text, start, at),
  };
}

/**
 * The offset of a position. A line past the end is the end of the text, a character past
 * the end of its line is the end of that line without its line break (LSP 3.17, Position).
 */
export function offsetAt({ text, starts }: Lines, position: Position, encoding: Encoding): number {
  const start = starts[position.line];
  if (start === undefined) return position.line < 0 ? 0 : text.length;
  const end = endOfLine(text, start, starts[position.line + 1] ?? text.length);
  if (encoding === "utf-16") return Math.max(start, Math.min(start + position.character, end));
  let at = start;
  for (let left = position.character; at < end && left > 0; ) {
    const point = text.codePointAt(at) ?? 0;
    left -= bytes(point);
    // A position inside a character is the character's start.
    if (left < 0) break;
    at += point > 0xffff ? 2 : 1;
  }
  return at;
}

function endOfLine(text: string, start: number, next: number): number {
  let end = next;
  while (end > start) {
    const code = text.charCodeAt(end - 1);
    if (code !== lineFeed && code !== carriageReturn) break;
    end -= 1;
  }
  return end;
}

function utf8Length(text: string, start: number, end: number): number {
  let length = 0;
  for (let at = start; at < end; ) {
    const point = text.codePointAt(at) ?? 0;
    length += bytes(point);
    at += point > 0xffff ? 2 : 1;
  }
  return length;
}

// A lone surrogate has no UTF-8; encoders write U+FFFD for it, which takes three bytes too.
function bytes(point: number): number {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}
