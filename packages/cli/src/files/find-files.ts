import { type Dirent, lstatSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { type IgnoreStack, ignoring } from "./ignoring.ts";
import { reasonOf } from "./read-file.ts";

/** A file to lint, or a place that was not entered. */
export type FoundFile =
  | { readonly path: string; readonly named: boolean }
  | { readonly path: string; readonly reason: string };

/** Folders that hold other people's files, or none. */
const never = new Set([".git", ".hg", ".svn", "node_modules"]);

/**
 * The files of the paths, depth first, in the order of their names. A path that was named is
 * given whatever it is; what a folder holds is left out where `.gitignore` says so.
 */
export function* findFiles(paths: readonly string[], cwd: string): Generator<FoundFile> {
  for (const path of paths) {
    const absolute = resolve(cwd, path);
    try {
      if (statSync(absolute).isDirectory()) {
        yield* walk(path, absolute, ignoring(absolute), new Set());
      } else yield { path, named: true };
    } catch (error) {
      yield { path, reason: reasonOf(error) };
    }
  }
}

function* walk(
  shown: string,
  folder: string,
  ignored: IgnoreStack,
  entered: Set<string>,
): Generator<FoundFile> {
  let names: Dirent[];
  try {
    names = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    yield { path: shown, reason: reasonOf(error) };
    return;
  }
  const here = ignored.enter(folder, names);
  for (const entry of names.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = shown === "." ? entry.name : join(shown, entry.name);
    const absolute = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (never.has(entry.name) || here.ignores(absolute, true)) continue;
      yield* walk(path, absolute, here, entered);
    } else if (entry.isFile()) {
      if (!here.ignores(absolute, false)) yield { path, named: false };
    } else if (entry.isSymbolicLink() && !here.ignores(absolute, false)) {
      yield* follow(path, absolute, here, entered);
    }
  }
}

/** A link to a file is read; a link to a folder is entered unless that folder is one of those around it. */
function* follow(
  shown: string,
  absolute: string,
  ignored: IgnoreStack,
  entered: Set<string>,
): Generator<FoundFile> {
  try {
    const real = realpathSync(absolute);
    const stat = lstatSync(real);
    if (stat.isFile()) yield { path: shown, named: false };
    if (!stat.isDirectory() || never.has(real.slice(real.lastIndexOf("/") + 1))) return;
    // Links that lead to each other's folders would be followed in every order there is.
    if (entered.has(real) || absolute.startsWith(`${real}/`)) {
      yield { path: shown, reason: "is a symbolic link to a folder that is read already" };
      return;
    }
    entered.add(real);
    yield* walk(shown, absolute, ignored, entered);
  } catch (error) {
    yield { path: shown, reason: reasonOf(error) };
  }
}
