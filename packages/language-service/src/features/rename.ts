import type { Document } from "../document.ts";
import type { Edit } from "../region.ts";
import { isName, type QueuePlace, queueAt } from "./queue-places.ts";
import { references } from "./references.ts";

/** What would be renamed at an offset. */
export function prepareRename(document: Document, offset: number): QueuePlace | undefined {
  return queueAt(document, offset);
}

export type Renaming =
  | { readonly ok: true; readonly edits: ReadonlyMap<string, readonly Edit[]> }
  /** `why` is a sentence for people. */
  | { readonly ok: false; readonly why: string };

/**
 * Renames the queue at an offset in all documents. Letters, digits and underscores stand for
 * themselves in every quoting, so the name's own characters are all that changes.
 */
export function rename(
  document: Document,
  offset: number,
  newName: string,
  documents: Iterable<Document>,
): Renaming {
  const queue = queueAt(document, offset);
  if (queue === undefined) return { ok: false, why: "There is no queue at the cursor." };
  if (!isName(newName)) {
    const why = `"${newName}" cannot be a queue's name: write 1 to 64 letters, digits and underscores.`;
    return { ok: false, why };
  }
  const edits = new Map<string, Edit[]>();
  for (const { uri, span } of references(documents, queue.name)) {
    const list = edits.get(uri) ?? [];
    list.push({ span, text: newName });
    edits.set(uri, list);
  }
  return { ok: true, edits };
}
