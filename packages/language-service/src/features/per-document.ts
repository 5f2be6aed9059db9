import type { Document } from "../document.ts";

/** Documents never change, so what was found in one holds as long as it lives. */
export function perDocument<T>(find: (document: Document) => T): (document: Document) => T {
  const found = new WeakMap<Document, { readonly value: T }>();
  return (document) => {
    const known = found.get(document) ?? { value: find(document) };
    found.set(document, known);
    return known.value;
  };
}
