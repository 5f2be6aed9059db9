import { resolve } from "node:path";
import type { decodeFile } from "./decode-file.ts";
import { readText } from "./read-file.ts";

/** Texts that stand for files until they are written: what fixes make of them. */
export interface Overlay {
  /** The file's text as it is now, or why it has none. */
  readonly read: (path: string) => ReturnType<typeof decodeFile>;
  readonly has: (path: string) => boolean;
  readonly put: (path: string, text: string) => void;
  readonly changed: () => readonly {
    readonly path: string;
    readonly before: string;
    readonly after: string;
  }[];
}

export function overlay(cwd: string): Overlay {
  const texts = new Map<string, { readonly before: string; readonly after: string }>();
  const read = (path: string) => {
    const changed = texts.get(path);
    return changed === undefined ? readText(resolve(cwd, path)) : { text: changed.after };
  };
  return {
    read,
    has: (path) => texts.has(path),
    put: (path, text) => {
      const present = texts.get(path)?.before;
      const now = present === undefined ? read(path) : { text: present };
      if ("text" in now) texts.set(path, { before: now.text, after: text });
    },
    changed: () =>
      [...texts]
        .map(([path, { before, after }]) => ({ path, before, after }))
        .filter(({ before, after }) => before !== after),
  };
}
