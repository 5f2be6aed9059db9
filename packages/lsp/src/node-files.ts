import { readdir, readFile, stat } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { canonicalUri, type Files, maxFileBytes, skippedFolders, type Wanted } from "./files.ts";

/** What a root may hold before the search stops; a monorepo of that size names its folders. */
const maxFiles = 20_000;
/** Deeper than this only a loop of links goes. */
const maxDepth = 32;

/** Files of the machine that the server runs on. It reads, and never runs or writes anything. */
export const nodeFiles: Files = {
  read: async (uri) => {
    const path = pathOf(uri);
    if (path === undefined) return undefined;
    try {
      const { size } = await stat(path);
      return size > maxFileBytes ? undefined : await readFile(path, "utf8");
    } catch {
      // Absent, unreadable or a folder: to the service all are "no text here".
      return undefined;
    }
  },
  list: async (uri) => {
    const path = pathOf(uri);
    if (path === undefined) return [];
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    const entries = await entriesOf(folder);
    return entries.filter((e) => e.isFile()).map((e) => uriOf(folder + e.name));
  },
  find: async (root, wanted) => {
    const path = pathOf(root);
    const found: string[] = [];
    if (path !== undefined) await walk(path.replace(/\/$/, ""), 0, wanted, found);
    return found;
  },
};

async function walk(folder: string, depth: number, wanted: Wanted, found: string[]): Promise<void> {
  if (depth > maxDepth) return;
  const below: string[] = [];
  for (const entry of await entriesOf(folder)) {
    if (found.length >= maxFiles) return;
    // Links are not followed: what they point at is found where it is, or lies outside the root.
    if (entry.isDirectory() && !skippedFolders.has(entry.name)) below.push(entry.name);
    else if (entry.isFile() && wanted(entry.name)) {
      found.push(uriOf(`${folder}/${entry.name}`));
    }
  }
  for (const name of below) await walk(`${folder}/${name}`, depth + 1, wanted, found);
}

async function entriesOf(folder: string) {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

function uriOf(path: string): string {
  return canonicalUri(pathToFileURL(path).href);
}

function pathOf(uri: string): string | undefined {
  if (!uri.startsWith("file:")) return undefined;
  try {
    return fileURLToPath(uri).replaceAll("\\", "/");
  } catch {
    // A file URI with a host, or with an encoded slash, names no file here.
    return undefined;
  }
}
