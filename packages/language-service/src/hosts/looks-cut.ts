const group = /^#?[\w*]+(?:>[\w*]*)*:\d+$/;

/**
 * Whether a comment behind a value was meant as a part of it: all its words are groups, or it
 * touches its `#` and one of them is. `fast_lane:1 # was *:5` is an ordinary comment.
 */
export function looksCut(value: string, comment: string): boolean {
  if (value === "" || !/[:>*]/.test(value)) return false;
  const text = comment.trim();
  if (!text.startsWith("#")) return false;
  const words = text.slice(1).trim().split(/\s+/);
  if (/^#\S/.test(text)) return words.some((word) => group.test(word));
  return words.every((word) => group.test(word));
}
