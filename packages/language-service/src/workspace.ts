/**
 * Where documents come from: the command and the desktop server implement it over the file
 * system, the web server by asking its client. URIs are opaque; `resolve` is the only way
 * to make one from a path that a document names.
 */
export interface Workspace {
  /** The text of a file; undefined where there is none, or none that may be read. */
  readonly read: (uri: string) => Promise<string | undefined>;
  /** The URIs of the files in the folder of `uri`, not in the folders below it. */
  readonly list: (uri: string) => Promise<readonly string[]>;
  readonly resolve: (base: string, path: string) => string;
}

/** A workspace without other files. */
export const noWorkspace: Workspace = {
  read: async () => undefined,
  list: async () => [],
  resolve: resolvePath,
};

/** A path as seen from the file `base`: both are URIs, or both are paths with slashes. */
export function resolvePath(base: string, path: string): string {
  const scheme = /^[a-z][a-z0-9+.-]+:\/\/[^/]*/i.exec(base)?.[0] ?? "";
  const from = path.startsWith("/") ? [] : base.slice(scheme.length).split("/").slice(0, -1);
  const encoded = scheme === "" ? path : path.split("/").map(encodeURIComponent).join("/");
  const parts: string[] = [...from];
  for (const part of encoded.split("/")) {
    if (part === "..") {
      if (parts.length > 0 && parts.at(-1) !== ".." && parts.at(-1) !== "") parts.pop();
      else if (parts.length === 0 || parts.at(-1) === "..") parts.push("..");
    } else if (part !== "." && (part !== "" || parts.length === 0)) parts.push(part);
  }
  return scheme + parts.join("/");
}
