import { mkdirSync, realpathSync } from "node:fs";
import type { EngineOptions } from "../engine.ts";
import type { AdaptorPlaces } from "../messages.ts";

/** The folders as the kernel knows them: a permission for a link would not hold for its target. */
export function adaptorPlaces({
  repoDir,
  monorepoDir,
}: Pick<EngineOptions, "repoDir" | "monorepoDir">): AdaptorPlaces {
  mkdirSync(repoDir, { recursive: true });
  return {
    repoDir: readablePath(repoDir),
    ...(monorepoDir !== undefined && { monorepoDir: readablePath(monorepoDir) }),
  };
}

/** Node 20 splits the paths of its permission flags at commas, and reads `*` as a pattern. */
function readablePath(folder: string): string {
  const path = realpathSync(folder);
  if (!/[,*]/.test(path)) return path;
  throw new Error(
    `${path}: a path with a comma or an asterisk cannot be said to Node's permission model. Choose another folder.`,
  );
}
