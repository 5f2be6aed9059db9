import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { InstalledPackage } from "./package-root.ts";
import { parseDeclarations } from "./parse-declarations.ts";

const maxFiles = 500;

/**
 * The names that a package's type declarations export, `default` left out, and those of a
 * sibling `Adaptor.d.ts`, which OpenFn's tools read too. `undefined` where it declares none.
 */
export function declaredNames({ root, manifest }: InstalledPackage): string[] | undefined {
  const types = manifest["types"] ?? manifest["typings"];
  if (typeof types !== "string") return undefined;
  const entry = join(root, types);
  const names = new Set<string>();
  const seen = new Set<string>();
  const found = collect(entry, names, seen);
  for (const sibling of ["Adaptor.d.ts", "adaptor.d.ts"])
    collect(join(dirname(entry), sibling), names, seen);
  names.delete("default");
  return found ? [...names] : undefined;
}

/** Follows `export *`; false where the file cannot be read. */
function collect(file: string, names: Set<string>, seen: Set<string>): boolean {
  const queue = [file];
  let found = false;
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    if (seen.has(at) || seen.size >= maxFiles) continue;
    seen.add(at);
    const text = readDeclaration(at);
    if (text === undefined) continue;
    found = true;
    const declared = parseDeclarations(text);
    for (const name of declared.names) names.add(name);
    for (const from of declared.reexports)
      if (from.startsWith(".")) queue.push(join(dirname(at), from));
  }
  return found;
}

function readDeclaration(path: string): string | undefined {
  const bare = path.replace(/\.(js|mjs|cjs)$/, "").replace(/\.d\.ts$/, "");
  for (const candidate of [path, `${bare}.d.ts`, join(bare, "index.d.ts")]) {
    if (!candidate.endsWith(".ts")) continue;
    try {
      return readFileSync(candidate, "utf8");
    } catch {
      // The next spelling.
    }
  }
  return undefined;
}
