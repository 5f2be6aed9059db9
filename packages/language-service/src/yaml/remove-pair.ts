import { type Edit, toFile } from "../region.ts";
import { type Entry, rangeOf, type YamlFile } from "./yaml-file.ts";

/** Takes a pair out of its block map with the lines it stands on; undefined between braces. */
export function removePair(file: YamlFile, pair: Entry): Edit | undefined {
  const { text } = file;
  const key = rangeOf(pair.keyNode);
  const value = rangeOf(pair.value);
  const start = text.lastIndexOf("\n", key.start) + 1;
  if (pair.inFlow || text.slice(start, key.start).trim() !== "") return undefined;
  // A pair that a merge brought, or whose value stands elsewhere, is not one stretch of text.
  const last = Math.max(key.end, value.end);
  if (pair.value !== null && value.start < key.end) return undefined;
  const feed = text.indexOf("\n", Math.max(key.end, last - 1));
  const span = { start, end: feed < 0 ? text.length : feed + 1 };
  return { span: toFile(file.origin, span), text: "" };
}
