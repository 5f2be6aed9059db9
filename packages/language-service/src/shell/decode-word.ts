import { type Certainty, type Decoded, type Pieces, pieces } from "../region.ts";

/** Characters that a backslash protects between double quotes; before others it stays. */
const protectedInDouble = /[$`"\\]/;
const ansi: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  e: "\x1b",
  f: "\f",
  v: "\v",
};

interface State {
  readonly text: string;
  readonly end: number;
  readonly out: Pieces;
  certainty: Certainty;
}

/** Decodes one word of a shell: its quotes go, its escapes are resolved, its expansions stay unknown. */
export function decodeWord(text: string, start: number, end: number): Decoded {
  const state: State = { text, end, out: pieces(), certainty: "exact" };
  let at = start;
  while (at < end) at = step(state, at, "");
  const written = text.slice(start, end);
  const quoted = /^(?:'[^']*'|"(?:[^"\\]|\\[\s\S])*")$/.test(written);
  const content = quoted ? { start: start + 1, end: end - 1 } : { start, end };
  const { out, certainty } = state;
  return out.decoded({ start, end }, certainty, content);
}

/** Decodes the text of a here-document whose delimiter is not quoted. */
export function decodeHereDocument(text: string, start: number, end: number): Decoded {
  const state: State = { text, end, out: pieces(), certainty: "exact" };
  let at = start;
  while (at < end) at = step(state, at, "here");
  return state.out.decoded({ start, end }, state.certainty);
}

function step(state: State, at: number, quote: "" | '"' | "here"): number {
  const { text, end, out } = state;
  const char = text[at] ?? "";
  const next = text[at + 1] ?? "";
  if (char === "\\") return backslash(state, at, quote);
  if (char === "$" && /[A-Za-z_{(0-9?@*#!$-]/.test(next)) return expansion(state, at, quote);
  if (char === "`") return opaque(state, at, closing(text, at + 1, end, "`"));
  if (quote !== "") {
    out.same(text, at, at + 1);
    return at + 1;
  }
  if (char === "$" && next === "'") return ansiQuoted(state, at);
  if (char === "'") {
    const close = text.indexOf("'", at + 1);
    const stop = close < 0 || close >= end ? end : close;
    out.same(text, at + 1, stop);
    if (stop === at + 1) out.escape("", at, Math.min(end, stop + 1));
    return stop + 1;
  }
  if (char === '"') return doubleQuoted(state, at);
  out.same(text, at, at + 1);
  return at + 1;
}

function doubleQuoted(state: State, open: number): number {
  let at = open + 1;
  while (at < state.end && state.text[at] !== '"') at = step(state, at, '"');
  return at + 1;
}

function backslash(state: State, at: number, quote: string): number {
  const { text, out, end } = state;
  const next = text[at + 1] ?? "";
  const stop = Math.min(end, at + 2);
  if (next === "\n") out.escape("", at, stop);
  else if (quote === "" || (protectedInDouble.test(next) && !(quote === "here" && next === '"'))) {
    out.escape(next, at, stop);
  } else out.same(text, at, stop);
  return at + 2;
}

function ansiQuoted(state: State, at: number): number {
  const { text, out, end } = state;
  let i = at + 2;
  while (i < end && text[i] !== "'") {
    if (text[i] === "\\") {
      const meaning = ansi[text[i + 1] ?? ""];
      if (meaning === undefined) state.certainty = "opaque";
      out.escape(meaning ?? "", i, i + 2);
      i += 2;
    } else {
      out.same(text, i, i + 1);
      i += 1;
    }
  }
  return i + 1;
}

function opaque(state: State, at: number, stop: number): number {
  state.out.escape("", at, stop);
  state.certainty = "opaque";
  return stop;
}

/** `${NAME:-word}` stands for its word where the name is not set; every other expansion is unknown. */
function expansion(state: State, at: number, quote: "" | '"' | "here"): number {
  const { text, end } = state;
  const next = text[at + 1];
  if (next === "(") return opaque(state, at, closing(text, at + 2, end, ")", "("));
  if (next !== "{") {
    const name = /^\$(?:[A-Za-z_][A-Za-z0-9_]*|.)/.exec(text.slice(at, end))?.[0] ?? "$";
    return opaque(state, at, at + name.length);
  }
  const stop = closing(text, at + 2, end, "}", "{");
  const head = /^\$\{[A-Za-z_][A-Za-z0-9_]*:?[-=]/.exec(text.slice(at, stop))?.[0];
  if (head === undefined) return opaque(state, at, stop);
  let i = at + head.length;
  const inner: State = { ...state, end: stop - 1, certainty: "exact" };
  while (i < stop - 1) i = step(inner, i, quote);
  if (state.certainty !== "opaque")
    state.certainty = inner.certainty === "opaque" ? "opaque" : "default";
  return stop;
}

/** The offset behind the character that closes what was opened before `from`. */
function closing(text: string, from: number, end: number, close: string, open = ""): number {
  let depth = 1;
  for (let i = from; i < end; i += 1) {
    const char = text[i];
    if (char === "\\") i += 1;
    else if (char === close) {
      depth -= 1;
      if (depth === 0) return i + 1;
    } else if (char === open) depth += 1;
  }
  return end;
}
