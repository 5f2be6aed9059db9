import type { Span } from "@workloops/parser";

/** Where the words of a line stand: white space outside of quotes separates them. */
export function wordSpans(text: string, from = 0): Span[] {
  const found: Span[] = [];
  let at = from;
  while (at < text.length) {
    while (/\s/.test(text[at] ?? "")) at += 1;
    if (at >= text.length) break;
    const start = at;
    let quote = "";
    while (at < text.length && (quote !== "" || !/\s/.test(text[at] ?? ""))) {
      const char = text[at] ?? "";
      if (char === "\\" && quote !== "'") at += 1;
      else if (char === quote) quote = "";
      else if (quote === "" && (char === '"' || char === "'")) quote = char;
      at += 1;
    }
    found.push({ start, end: Math.min(at, text.length) });
  }
  return found;
}
