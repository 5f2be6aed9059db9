import type { Group, Span } from "@workloops/parser";
import type { Document } from "../document.ts";
import { parseOnce } from "../parse-once.ts";
import { type Region, toFile } from "../region.ts";
import { perDocument } from "./per-document.ts";

/** A queue's name where it is written. */
export interface QueuePlace {
  readonly name: string;
  /** In the file. */
  readonly span: Span;
  readonly uri: string;
}

interface Placed<T> {
  readonly region: Region;
  readonly item: T;
}

/** Every group of a document with the region that it stands in. */
export function groupsIn(document: Document): Placed<Group>[] {
  return document.regions.flatMap((region) =>
    parseOnce(region.text).tree.groups.map((item) => ({ region, item })),
  );
}

/** Every named queue of a document, in the order of the file. */
export const queuePlaces = perDocument((document): readonly QueuePlace[] => {
  return groupsIn(document).flatMap(({ region, item }) =>
    item.chain.queues.flatMap((queue) =>
      queue.kind === "queue" && isName(queue.name)
        ? [{ name: queue.name, span: toFile(region, queue.span), uri: document.uri }]
        : [],
    ),
  );
});

/** The named queue at an offset, its edges included. */
export function queueAt(document: Document, offset: number): QueuePlace | undefined {
  return queuePlaces(document).find(({ span }) => offset >= span.start && offset <= span.end);
}

/** UTF-16 units: the limit of the language. */
const maxNameUnits = 64;

/** Whether a text can be a queue's name. */
export function isName(text: string): boolean {
  return text.length <= maxNameUnits && /^[A-Za-z0-9_]+$/.test(text);
}
