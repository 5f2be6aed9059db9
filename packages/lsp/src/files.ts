/** Whether a file is of interest, by its name. */
export type Wanted = (name: string) => boolean;

/** Where the server gets files that are not open. URIs are those of the client. */
export interface Files {
  /** The text of a file; undefined where there is none, or none that may be read. */
  readonly read: (uri: string) => Promise<string | undefined>;
  /** The files in the folder of `uri`, not in the folders below it. */
  readonly list: (uri: string) => Promise<readonly string[]>;
  /** The files below a root whose names are wanted. */
  readonly find: (root: string, wanted: Wanted) => Promise<readonly string[]>;
}

/** Bytes. A configuration is written by hand; a larger file is data. */
export const maxFileBytes = 1024 * 1024;

/** Folders in which nobody writes the configuration of a worker. */
export const skippedFolders: ReadonlySet<string> = new Set([
  "node_modules",
  ".git",
  ".hg",
  ".svn",
  ".terraform",
  ".venv",
  "__pycache__",
  "vendor",
  "dist",
  "target",
]);

/** One spelling for each file: clients and file systems escape the same path differently. */
export function canonicalUri(uri: string): string {
  const [, start = "", path = ""] = /^([a-z][a-z0-9+.-]*:(?:\/\/[^/]*)?)(.*)$/i.exec(uri) ?? [];
  if (start === "") return uri;
  return start + path.split("/").map(canonicalPart).join("/");
}

function canonicalPart(part: string): string {
  try {
    return encodeURIComponent(decodeURIComponent(part));
  } catch {
    // A percent sign that escapes nothing stands for itself.
    return encodeURIComponent(part);
  }
}

/** The machine's own files where the server can reach them, the client's for the rest. */
export function combineFiles(own: Files | undefined, client: Files | undefined): Files {
  const of = (uri: string) => (uri.startsWith("file:") ? (own ?? client) : client);
  return {
    read: async (uri) => of(uri)?.read(uri),
    list: async (uri) => (await of(uri)?.list(uri)) ?? [],
    find: async (root, wanted) => (await of(root)?.find(root, wanted)) ?? [],
  };
}
