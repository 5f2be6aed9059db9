import { readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { resolvePath, type Workspace } from "@workloops/language-service";
import type { Overlay } from "./overlay.ts";

/** Files read for others' sake, so that an env file that many services name is read once. */
const mostCached = 256;

/** The workspace of a command: URIs are paths as the command shows them, below its folder. */
export function fileWorkspace(cwd: string, files: Overlay): Workspace {
  const cache = new Map<string, string | undefined>();
  const read = (uri: string): string | undefined => {
    if (cache.has(uri) && !files.has(uri)) return cache.get(uri);
    const found = files.read(uri);
    const text = "text" in found ? found.text : undefined;
    if (cache.size >= mostCached) cache.clear();
    cache.set(uri, text);
    return text;
  };
  return {
    read: async (uri) => read(uri),
    list: async (uri) => {
      const folder = dirname(uri);
      try {
        return readdirSync(resolve(cwd, folder), { withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => (folder === "." ? entry.name : join(folder, entry.name)));
      } catch {
        // A folder that cannot be listed has no files to offer.
        return [];
      }
    },
    resolve: resolvePath,
  };
}
