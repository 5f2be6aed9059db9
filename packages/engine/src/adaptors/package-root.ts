import { readFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import type { AdaptorPlaces } from "../messages.ts";
import { compareVersions } from "./compare-versions.ts";
import { aliasOf, readSpecifier } from "./specifier.ts";

/** An installed adaptor: where it lies and what its package.json says. */
export interface InstalledPackage {
  readonly root: string;
  readonly manifest: Readonly<Record<string, unknown>>;
}

/**
 * Finds an adaptor: `local` in the monorepo, a version in the repo dir, no version as the
 * newest one installed. `undefined` where there is none.
 */
export function findPackage(text: string, places: AdaptorPlaces): InstalledPackage | undefined {
  const specifier = readSpecifier(text);
  if (specifier === undefined) return undefined;
  const { name, version } = specifier;
  if (version === "local") {
    if (places.monorepoDir === undefined) return undefined;
    const short = name.replace(/^@openfn\/(language-)?/, "");
    return readPackage(join(places.monorepoDir, "packages", short));
  }
  const wanted = version ?? installedVersions(name, places.repoDir).at(-1);
  if (wanted === undefined) return undefined;
  return readPackage(join(places.repoDir, "node_modules", aliasOf(name, wanted)));
}

/** The versions of a package that the repo dir lists as installed, oldest first. */
export function installedVersions(name: string, repoDir: string): string[] {
  const dependencies = readJson(join(repoDir, "package.json"))?.["dependencies"];
  return Object.keys(Object(dependencies))
    .filter((key) => key.startsWith(`${name}_`))
    .map((key) => key.slice(name.length + 1))
    .sort(compareVersions);
}

function readPackage(root: string): InstalledPackage | undefined {
  const manifest = readJson(join(root, "package.json"));
  return manifest === undefined ? undefined : { root, manifest };
}

function readJson(path: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** The module that `import` of the package loads. */
export function entryOf({ root, manifest }: InstalledPackage, condition = "import"): string {
  const exported = exportOf(manifest["exports"], condition);
  const main = manifest["main"];
  return join(root, exported ?? (typeof main === "string" ? main : "index.js"));
}

function exportOf(exports: unknown, condition: string): string | undefined {
  const dot = typeof exports === "object" && exports !== null && "." in exports;
  let at: unknown = dot ? (exports as Record<string, unknown>)["."] : exports;
  const conditions = [condition, "node", "default"];
  while (typeof at === "object" && at !== null) {
    const record = at as Record<string, unknown>;
    const next = conditions.find((key) => key in record);
    at = next === undefined ? undefined : record[next];
  }
  return typeof at === "string" ? at : undefined;
}

/** True where Node takes the file for CommonJS. */
export function isCommonJs(path: string): boolean {
  if (path.endsWith(".cjs")) return true;
  if (extname(path) !== ".js") return false;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const manifest = readJson(join(folder, "package.json"));
    if (manifest !== undefined) return manifest["type"] !== "module";
    if (folder === dirname(folder)) return true;
  }
}
