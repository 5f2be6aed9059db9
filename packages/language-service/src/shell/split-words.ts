import { type Pieces, pieces, type Quoting, type Value, valueIn } from "../region.ts";

/** The words of a text that is split without a shell, and where its reader stopped reading. */
export interface Split {
  readonly words: readonly Value[];
  /** The offset in the text of the character that ends the command line for this reader. */
  readonly stoppedAt: number | undefined;
}

/** Characters at which compose stops reading a command string. */
const stops = /[;&|<>]/;

/**
 * Splits as compose does: white space separates words, both quotes and the backslash
 * protect, and an unquoted `>`, `<`, `|`, `&` or `;` ends the reading, because there is no
 * shell that would act on it.
 */
export function splitWords(line: Value): Split {
  const words: Value[] = [];
  const { text } = line;
  let at = 0;
  while (at < text.length) {
    while (/\s/.test(text[at] ?? "")) at += 1;
    if (at >= text.length) break;
    const start = at;
    const out = pieces();
    const end = word(text, start, out);
    const written = { start, end };
    if (end > start) {
      words.push(valueIn(line, out.decoded(written), quotingOf(text.slice(start, end))));
    }
    if (stops.test(text[end] ?? "")) return { words, stoppedAt: end };
    at = end;
  }
  return { words, stoppedAt: undefined };
}

function word(text: string, start: number, out: Pieces): number {
  let at = start;
  let quote = "";
  while (at < text.length) {
    const char = text[at] ?? "";
    if (quote === "" && (/\s/.test(char) || stops.test(char))) return at;
    if (char === "\\" && quote !== "'" && at + 1 < text.length) {
      out.escape(text[at + 1] ?? "", at, at + 2);
      at += 2;
    } else if (char === quote || (quote === "" && (char === '"' || char === "'"))) {
      out.escape("", at, at + 1);
      quote = quote === "" ? char : "";
      at += 1;
    } else {
      out.same(text, at, at + 1);
      at += 1;
    }
  }
  return at;
}

/** Words that need no quotes in any shell. */
function isBareWord(value: string): boolean {
  return /^[A-Za-z0-9_:.,/=@%+-]+$/.test(value);
}

/** A word between single quotes, for a shell and for readers that only know its quotes. */
export function singleQuoted(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}

/** How a word is written: in the quotes that it has, also behind a bare `NAME=`, else in single ones. */
export function quotingOf(written: string): Quoting {
  const bare = /^[\w:.,/@%+-]*=(?=["'])/.exec(written)?.[0] ?? "";
  const rest = written.slice(bare.length);
  const whole = (value: string) => (isBareWord(value) ? value : singleQuoted(value));
  // A change that leaves the name alone is one between the quotes.
  const within = (forbidden: RegExp) => (chars: string, value: string) =>
    forbidden.test(chars) || !value.startsWith(bare) ? undefined : chars;
  if (/^'[^']*'$/.test(rest)) return { whole, inline: within(/'/) };
  if (/^"(?:[^"\\]|\\.)*"$/.test(rest)) return { whole, inline: within(/["\\$`!]/) };
  return { whole, inline: (chars, value) => (isBareWord(value) ? chars : undefined) };
}
