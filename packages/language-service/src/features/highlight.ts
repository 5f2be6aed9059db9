import type { Span } from "@workloops/parser";
import type { Document } from "../document.ts";
import { queueAt, queuePlaces } from "./queue-places.ts";

/** Where the queue at an offset stands in this document. */
export function highlight(document: Document, offset: number): Span[] {
  const queue = queueAt(document, offset);
  if (queue === undefined) return [];
  return queuePlaces(document)
    .filter(({ name }) => name === queue.name)
    .map(({ span }) => span);
}
