import { processDefaults, type Span } from "@workloops/parser";
import type { Document } from "../document.ts";
import { bytesText, runMemoryOf, slotsIn } from "./slots.ts";

export interface InlayHint {
  /** In the file: right behind the value as it is written, quotes included. */
  readonly offset: number;
  readonly label: string;
  readonly tooltip: string;
}

/** What each configuration that touches `range` comes to; a broken one comes to nothing. */
export function inlayHints(
  document: Document,
  range: Span,
  settings: { readonly runMemory?: number; readonly overhead?: number } = {},
): InlayHint[] {
  return document.regions.flatMap((region) => {
    if (region.span.end < range.start || region.span.start > range.end) return [];
    const slots = slotsIn(region.text);
    if (slots === undefined) return [];
    const runMemory = runMemoryOf(region.process, settings.runMemory);
    const overhead = settings.overhead ?? processDefaults.overhead;
    const memory = bytesText(slots * runMemory + overhead);
    const word = slots === 1 ? "slot" : "slots";
    return [
      {
        offset: endOf(document, region.span),
        // The value ends with a number: a second one right behind it would be read as part of it.
        label: `= ${slots} ${word}, up to ${memory}`,
        tooltip: `${slots} ${word} of ${bytesText(runMemory)} each, and ${bytesText(overhead)} for the worker itself.`,
      },
    ];
  });
}

/** A `.workloops` file ends with line breaks, and a hint belongs behind the last word. */
function endOf(document: Document, span: Span): number {
  return span.start + document.text.slice(span.start, span.end).trimEnd().length;
}
