import type { Document } from "../document.ts";
import type { Place } from "../process.ts";
import { queuePlaces } from "./queue-places.ts";

/** Where a queue stands in any of the documents, in their order. */
export function references(documents: Iterable<Document>, name: string): Place[] {
  const found: Place[] = [];
  for (const document of documents) {
    for (const place of queuePlaces(document)) {
      if (place.name === name) found.push({ uri: place.uri, span: place.span });
    }
  }
  return found;
}

/** The names of all queues in the documents, each once, in the order in which they are met. */
export function usedQueues(documents: Iterable<Document>): string[] {
  const found = new Set<string>();
  for (const document of documents) {
    for (const { name } of queuePlaces(document)) found.add(name);
  }
  return [...found];
}
