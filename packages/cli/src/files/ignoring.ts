import { type Dirent, existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import ignore, { type Ignore } from "ignore";

/** The ignore files that hold for one folder. */
export interface IgnoreStack {
  /** The stack for a folder below, with its own ignore file where it has one. */
  readonly enter: (folder: string, names: readonly Dirent[]) => IgnoreStack;
  readonly ignores: (path: string, isFolder: boolean) => boolean;
}

interface Level {
  readonly folder: string;
  readonly rules: Ignore;
}

/** The stack at the folder where a walk begins: the ignore files from there up to the repository's root. */
export function ignoring(start: string): IgnoreStack {
  const levels: Level[] = [];
  let folder = start;
  while (!existsSync(`${folder}/.git`) && dirname(folder) !== folder) {
    folder = dirname(folder);
    const level = levelOf(folder);
    if (level !== undefined) levels.unshift(level);
  }
  // Outside of a repository the ignore files above mean nothing.
  return stack(existsSync(`${folder}/.git`) ? levels : []);
}

function levelOf(folder: string): Level | undefined {
  try {
    return { folder, rules: ignore().add(readFileSync(`${folder}/.gitignore`, "utf8")) };
  } catch {
    // Absent, a folder, or not readable: it ignores nothing.
    return undefined;
  }
}

function stack(levels: readonly Level[]): IgnoreStack {
  return {
    enter: (folder, names) => {
      if (!names.some((entry) => entry.name === ".gitignore")) return stack(levels);
      const level = levelOf(folder);
      return level === undefined ? stack(levels) : stack([...levels, level]);
    },
    ignores: (path, isFolder) => {
      let ignored = false;
      for (const { folder, rules } of levels) {
        // A level holds for its folder and what is below, and every path here begins with it.
        const inside = path.slice(folder === "/" ? 1 : folder.length + 1);
        const verdict = rules.test(isFolder ? `${inside}/` : inside);
        if (verdict.ignored) ignored = true;
        else if (verdict.unignored) ignored = false;
      }
      return ignored;
    },
  };
}
