import { formatSource, format as formatValue } from "@workloops/parser";
import type { Document } from "../document.ts";
import { change, type Edit, type Region } from "../region.ts";

/** The edits that write each configuration in canonical text. No other byte of the file changes. */
export function format(document: Document): Edit[] {
  if (document.host === "workloops") {
    const text = formatSource(document.text);
    const whole = { start: 0, end: document.text.length };
    return text === document.text ? [] : [change(document.text, text, whole)];
  }
  return document.regions.flatMap((region) => formatRegion(region) ?? []);
}

/** The edit for one configuration; nothing where it is canonical already, or cannot be known. */
export function formatRegion(region: Region): Edit | undefined {
  // A default may be replaced, and `@FILE` names a file: neither is ours to rewrite.
  if (region.certainty !== "exact" || region.text.startsWith("@")) return undefined;
  const text = formatLines(region.text);
  return text === region.text ? undefined : region.write(text);
}

/** Groups that somebody put on lines of their own stay there. */
function formatLines(text: string): string {
  if (!/[\r\n]/.test(text)) return formatValue(text);
  return text.replace(/[^\r\n]+/g, (line) => (line.trim() === "" ? "" : formatValue(line)));
}
