import {
  type Document,
  type Edit,
  editLive,
  type LiveDocument,
  live,
  mayHoldValue,
  openDocument,
  resolvePath,
  type Workspace,
} from "@workloops/language-service";
import { canonicalUri, type Files } from "./files.ts";

export interface OpenDocument {
  /** As the client spells it. */
  readonly uri: string;
  readonly version: number;
  readonly live: LiveDocument;
}

/** An edit that is only known once the edits before it were made. */
export type NextEdit = (document: Document) => Edit;
export type ChangeResult = "changed" | "not-open" | "version-not-newer";

/**
 * Every document that the server knows: those that the client has open, as they stand there,
 * and those of the roots as they stand on disk, each read once until it changes.
 */
export interface Project {
  readonly workspace: Workspace;
  readonly open: (uri: string, version: number, text: string) => void;
  readonly change: (uri: string, version: number, edits: readonly NextEdit[]) => ChangeResult;
  readonly close: (uri: string) => void;
  readonly openDocuments: () => Iterable<OpenDocument>;
  /** Undefined for a document that the client never opened, or has closed. */
  readonly get: (uri: string) => OpenDocument | undefined;
  /** The document as it is open, or else as its file is. */
  readonly find: (uri: string) => Promise<Document | undefined>;
  readonly setRoots: (roots: readonly string[]) => void;
  readonly roots: () => readonly string[];
  /** The documents of all roots and all open ones; what was read so far once `cancelled` says so. */
  readonly all: (cancelled?: () => boolean) => Promise<readonly Document[]>;
  /** Files have other content; with `listing`, some appeared or went away. */
  readonly changedOnDisk: (uris: readonly string[], listing: boolean) => void;
  /** How the client spells the URI of a document. */
  readonly spell: (uri: string) => string;
}

/** UTF-16 units of text kept of files that are not open: two thousand of 16 KiB. Older ones are read again. */
const maxKeptUnits = 32 * 1024 * 1024;

/** Enough to keep the file system busy, few enough that a request in between is answered at once. */
const readsAtOnce = 32;

export function createProject(files: Files): Project {
  const opened = new Map<string, OpenDocument>();
  const cache = fileCache(files);
  let roots: readonly string[] = [];
  // What a search of the roots found, until files appear or go away.
  let candidates: Promise<readonly string[]> | undefined;

  const find = async (uri: string): Promise<Document | undefined> => {
    const key = canonicalUri(uri);
    return opened.get(key)?.live.document ?? cache.get(key);
  };
  const search = async () => {
    const found = await Promise.all(roots.map((root) => files.find(root, mayHoldValue)));
    return [...new Set(found.flat())];
  };
  return {
    workspace: {
      read: async (uri) => (await find(uri))?.text,
      list: (uri) => cache.list(canonicalUri(uri)),
      resolve: resolvePath,
    },
    open: (uri, version, text) => {
      opened.set(canonicalUri(uri), { uri, version, live: live(canonicalUri(uri), text) });
    },
    change: (uri, version, edits) => {
      const key = canonicalUri(uri);
      const before = opened.get(key);
      if (before === undefined) return "not-open";
      let now = before.live;
      for (const edit of edits) now = editLive(now, edit(now.document));
      opened.set(key, { uri: before.uri, version, live: now });
      return version > before.version ? "changed" : "version-not-newer";
    },
    close: (uri) => {
      opened.delete(canonicalUri(uri));
    },
    openDocuments: () => opened.values(),
    get: (uri) => opened.get(canonicalUri(uri)),
    find,
    setRoots: (next) => {
      roots = next;
      candidates = undefined;
    },
    roots: () => roots,
    all: async (cancelled = () => false) => {
      candidates ??= search();
      const found = new Map<string, Document>();
      for (const [key, { live }] of opened) found.set(key, live.document);
      const others = (await candidates).filter((uri) => !found.has(uri));
      for (let at = 0; at < others.length && !cancelled(); at += readsAtOnce) {
        const uris = others.slice(at, at + readsAtOnce);
        for (const document of await Promise.all(uris.map(cache.get))) {
          if (document !== undefined) found.set(document.uri, document);
        }
      }
      return [...found.values()];
    },
    changedOnDisk: (uris, listing) => {
      for (const uri of uris) cache.forget(canonicalUri(uri));
      if (listing) candidates = undefined;
    },
    spell: (uri) => opened.get(uri)?.uri ?? uri,
  };
}

/** What is known of a file: its document, or that there is nothing to read. */
type Known = Document | "nothing";

function fileCache(files: Files) {
  const kept = new Map<string, Known>();
  const folders = new Map<string, Promise<readonly string[]>>();
  let units = 0;
  // Counts what changed on disk: a read that was under way meanwhile is not kept.
  let changes = 0;
  const drop = (uri: string) => {
    units -= cost(kept.get(uri));
    kept.delete(uri);
  };
  return {
    forget: (uri: string) => {
      changes += 1;
      drop(uri);
      folders.clear();
    },
    list: (uri: string): Promise<readonly string[]> => {
      const folder = uri.slice(0, uri.lastIndexOf("/") + 1);
      const found = folders.get(folder) ?? files.list(uri);
      folders.set(folder, found);
      return found;
    },
    get: async (uri: string): Promise<Document | undefined> => {
      const before = kept.get(uri);
      if (before !== undefined) return before === "nothing" ? undefined : before;
      const then = changes;
      const text = await files.read(uri);
      const known = text === undefined ? "nothing" : openDocument(uri, text);
      if (changes === then) {
        drop(uri);
        kept.set(uri, known);
        units += cost(known);
        for (const oldest of kept.keys()) {
          if (units <= maxKeptUnits) break;
          drop(oldest);
        }
      }
      return known === "nothing" ? undefined : known;
    },
  };
}

/** UTF-16 units that keeping an entry costs; an absent file is its URI and little more. */
function cost(known: Known | undefined): number {
  if (known === undefined) return 0;
  return known === "nothing" ? 200 : known.text.length + 200;
}
