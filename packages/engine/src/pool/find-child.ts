import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The bundle that children run: `child.cjs` beside the running module (a bundle that the engine
 * is part of), in `bundle/` beside it (the built package), or in the built package of a module
 * that runs from source. Throws where there is none: the installation is incomplete.
 */
export function findChild(moduleUrl: string = import.meta.url): string {
  const folder = dirname(fileURLToPath(moduleUrl));
  const candidates = [
    join(folder, "child.cjs"),
    join(folder, "bundle", "child.cjs"),
    join(folder, "..", "bundle", "child.cjs"),
    join(folder, "..", "..", "dist", "bundle", "child.cjs"),
  ];
  const found = candidates.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new Error(
    `The engine's child program is missing: no ${candidates[0]}. Run \`npm run build\`, or pass \`childPath\`.`,
  );
}
