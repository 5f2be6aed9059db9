import { parse } from "@workloops/parser";

type Parsed = ReturnType<typeof parse>;

/** Entries. A file of a thousand workers with a value each still fits. */
const maxKept = 1024;
/** UTF-16 units. A longer value is rare, and keeping it costs more than parsing it. */
const maxTextUnits = 1024;

const kept = new Map<string, Parsed>();

/**
 * The tree and the problems of a value. Several rules and features look at the same value, and
 * a keystroke leaves all other values of its file as they were; a tree is plain data that
 * nobody changes, so it can be shared.
 */
export function parseOnce(text: string): Parsed {
  const before = kept.get(text);
  if (before !== undefined) return before;
  if (text.length > maxTextUnits) return parse(text);
  const own = copied(text);
  const parsed = parse(own);
  // All at once: to keep the order of use costs more than to parse a few values again.
  if (kept.size >= maxKept) kept.clear();
  kept.set(own, parsed);
  return parsed;
}

/** An engine keeps a whole file alive for a value that was cut out of it: what is kept for long is a copy. */
function copied(text: string): string {
  return [...text].join("");
}
