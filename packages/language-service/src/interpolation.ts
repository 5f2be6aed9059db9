import {
  type Certainty,
  type Pieces,
  pieces,
  type Quoting,
  type Value,
  valueIn,
} from "./region.ts";

/** `${NAME:-word}` and its forms, as compose reads them. */
const expansion = /^\$\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-?+])([\s\S]*))?\}$/;

/**
 * Resolves compose's `$NAME`, `${NAME}`, `${NAME:-default}` and `$$`. A default stands for its
 * expansion; without one the value is opaque.
 */
export function interpolate(value: Value): Value {
  if (!value.text.includes("$")) {
    return { ...value, write: (text) => value.write(text.replaceAll("$", "$$$$")) };
  }
  const out = pieces();
  const certainty = run(value.text, 0, value.text.length, out);
  const whole = { start: 0, end: value.text.length };
  const decoded = out.decoded(whole, certainty);
  const found = { ...valueIn(value, decoded, quoting), span: value.span, content: value.content };
  const name = reference.exec(value.text)?.[1];
  return name === undefined ? found : { ...found, variable: name };
}

/** A text that is one expansion and nothing else. */
const reference = /^\$(?:\{)?([A-Za-z_][A-Za-z0-9_]*)(?:\}|:?[-?][^{}]*\})?$/;

const quoting: Quoting = {
  inline: (chars) => chars.replaceAll("$", "$$$$"),
  whole: (value) => value.replaceAll("$", "$$$$"),
};

function run(text: string, from: number, to: number, out: Pieces): Certainty {
  let certainty: Certainty = "exact";
  let at = from;
  const worsen = (next: Certainty) => {
    if (certainty !== "opaque" && next !== "exact") certainty = next;
  };
  while (at < to) {
    const dollar = text.indexOf("$", at);
    const plainEnd = dollar < 0 || dollar >= to ? to : dollar;
    out.same(text, at, plainEnd);
    if (plainEnd === to) break;
    at = plainEnd;
    if (text[at + 1] === "$") {
      out.escape("$", at, at + 2);
      at += 2;
    } else {
      const end = expansionEnd(text, at, to);
      worsen(expand(text, at, end, out));
      at = end;
    }
  }
  return certainty;
}

/** Where the expansion that begins at a `$` ends; braces nest in defaults. */
function expansionEnd(text: string, at: number, to: number): number {
  if (text[at + 1] !== "{") {
    return at + (/^\$[A-Za-z_][A-Za-z0-9_]*/.exec(text.slice(at, to))?.[0].length ?? 1);
  }
  let depth = 0;
  for (let i = at + 1; i < to; i += 1) {
    if (text[i] === "{") depth += 1;
    else if (text[i] === "}") {
      depth -= 1;
      if (depth === 0) return i + 1;
    }
  }
  return to;
}

function expand(text: string, at: number, end: number, out: Pieces): Certainty {
  const written = text.slice(at, end);
  if (written === "$") {
    out.same(text, at, end);
    return "exact";
  }
  const parts = expansion.exec(written);
  const [, name, operator, word] = parts ?? [];
  if (name === undefined || word === undefined || !operator?.endsWith("-")) {
    out.escape("", at, end);
    return "opaque";
  }
  return run(text, end - 1 - word.length, end - 1, out) === "opaque" ? "opaque" : "default";
}
