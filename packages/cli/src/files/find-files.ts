import { lstatSync, readdirSync, realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { type IgnoreStack, ignoring } from "./ignoring.ts";
import { reasonOf } from "./read-file.ts";

/** A file to lint, or a place that was not entered. */
export type FoundFile =
  | { readonly path: string; readonly absolute: string; readonly named: boolean }
  | { readonly path: string; readonly reason: string };

/** Folders that hold other people's files, or none. */
const never = new Set([".git", ".hg", ".svn", "node_modules"]);

/** A folder to enter, or a file, on the way through a tree. */
interface Step {
  readonly shown: string;
  readonly absolute: string;
  readonly kind: "folder" | "file" | "link";
  /** The ignore files around it. */
  readonly ignored: IgnoreStack;
}

/**
 * The files of the paths, depth first, in the order of their names. A path that was named is
 * given whatever it is; what a folder holds is left out where `.gitignore` says so.
 */
export function* findFiles(paths: readonly string[], cwd: string): Generator<FoundFile> {
  for (const path of paths) {
    const absolute = resolve(cwd, path);
    try {
      if (!statSync(absolute).isDirectory()) yield { path, absolute, named: true };
      else yield* walk({ shown: path, absolute, kind: "folder", ignored: ignoring(absolute) });
    } catch (error) {
      yield { path, reason: reasonOf(error) };
    }
  }
}

/** Goes through a tree with a stack of its own: a generator for each folder would cost as much as the reading. */
function* walk(root: Step): Generator<FoundFile> {
  const entered = new Set<string>();
  const steps = [root];
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    const { shown: path, absolute, kind } = step;
    try {
      if (kind === "file") yield { path, absolute, named: false };
      else if (kind === "folder") steps.push(...inside(step));
      else {
        const found = followed(step, entered);
        if ("reason" in found) yield { path, ...found };
        else steps.push(found);
      }
    } catch (error) {
      yield { path, reason: reasonOf(error) };
    }
  }
}

/** What a folder holds, last name first. */
function inside({ shown, absolute: folder, ignored }: Step): Step[] {
  const names = readdirSync(folder, { withFileTypes: true });
  const here = ignored.enter(folder, names);
  const prefix = shown === "." ? "" : shown.endsWith("/") ? shown : `${shown}/`;
  const above = folder === "/" ? folder : `${folder}/`;
  const found: Step[] = [];
  for (const entry of names.sort((a, b) => (a.name < b.name ? 1 : -1))) {
    const isFolder = entry.isDirectory();
    const kind = isFolder ? "folder" : entry.isFile() ? "file" : "link";
    if (isFolder && never.has(entry.name)) continue;
    if (kind === "link" && !entry.isSymbolicLink()) continue;
    const absolute = above + entry.name;
    if (here.ignores(absolute, isFolder)) continue;
    found.push({ shown: prefix + entry.name, absolute, kind, ignored: here });
  }
  return found;
}

/** A link to a file is read; a link to a folder is entered unless that folder is read already. */
function followed(step: Step, entered: Set<string>): Step | { readonly reason: string } {
  const real = realpathSync(step.absolute);
  const stat = lstatSync(real);
  if (stat.isFile()) return { ...step, kind: "file" };
  if (!stat.isDirectory()) return { reason: "is no regular file" };
  if (never.has(real.slice(real.lastIndexOf("/") + 1))) {
    return { reason: "leads to a folder of other people's files" };
  }
  // Links that lead to each other's folders would be followed in every order there is.
  if (entered.has(real) || step.absolute.startsWith(`${real}/`)) {
    return { reason: "is a symbolic link to a folder that is read already" };
  }
  entered.add(real);
  return { ...step, kind: "folder" };
}
