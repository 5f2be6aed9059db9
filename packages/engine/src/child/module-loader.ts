import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import * as runtime from "@openfn/runtime";
import { declaredNames } from "../adaptors/declared-names.ts";
import { entryOf, findPackage, type InstalledPackage } from "../adaptors/package-root.ts";
import type { AdaptorPlaces } from "../messages.ts";
import { defer } from "./defer.ts";
import { loadPack, type ReadPack } from "./load-pack.ts";

/** The exports of a module, by name. */
export type Exports = Readonly<Record<string, unknown>>;

/** Loads each package once for this process. */
export interface ModuleLoader {
  /** Rejects with an `ImportError` where the package is absent or throws while it loads. */
  load(specifier: string): Promise<Exports>;
  /** The names that a job may use of a package without importing them; `undefined`: unknown. */
  namesOf(specifier: string): Promise<readonly string[] | undefined>;
}

/** Packs by what they are asked for as. One that is loaded is taken out: it holds megabytes. */
export type ReadPacks = Map<string, ReadPack>;

const ours: Readonly<Record<string, Exports>> = { "@openfn/runtime": { ...runtime, defer } };

export function moduleLoader(places: AdaptorPlaces, packs: ReadPacks): ModuleLoader {
  const loading = new Map<string, Promise<Exports>>();
  const names = new Map<string, readonly string[] | undefined>();
  const load = (specifier: string): Promise<Exports> => {
    const known = loading.get(specifier);
    if (known !== undefined) return known;
    const pack = packs.get(specifier);
    packs.delete(specifier);
    if (pack?.header.names !== undefined) names.set(specifier, pack.header.names);
    const started = loadPackage(specifier, places, pack);
    // Who waits gets the rejection; a package that nobody waits for must not end the process.
    started.catch(() => undefined);
    loading.set(specifier, started);
    return started;
  };
  return {
    load,
    async namesOf(specifier) {
      if (names.has(specifier)) return names.get(specifier);
      const waiting = packs.get(specifier)?.header.names;
      if (waiting !== undefined) return waiting;
      const found = findPackage(specifier, places);
      let known = found && declaredNames(found);
      if (found !== undefined && known === undefined) {
        known = await load(specifier).then(Object.keys, () => undefined);
      }
      names.set(specifier, known);
      return known;
    },
  };
}

async function loadPackage(
  specifier: string,
  places: AdaptorPlaces,
  pack: ReadPack | undefined,
): Promise<Exports> {
  const own = ours[specifier];
  if (own !== undefined) return own;
  if (!specifier.startsWith("@openfn/")) {
    throw new runtime.ImportError(
      `A job imports only packages of @openfn that are installed, not "${specifier}".`,
    );
  }
  const found = pack ?? findPackage(specifier, places);
  if (found === undefined) {
    throw new runtime.ImportError(
      `"${specifier}" is not installed. Name it as the step's adaptor, with a version.`,
    );
  }
  try {
    return unwrapped("header" in found ? loadPack(found) : await importEntry(found));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new runtime.ImportError(`"${specifier}" could not be loaded: ${reason}`);
  }
}

/**
 * An ES module entry may import files of CommonJS packages without their extension, which Node
 * refuses and OpenFn's hook allows; hooks need a worker thread, which this process must not
 * have. The package's CommonJS entry, resolved by the older rules, is the same code.
 */
async function importEntry(found: InstalledPackage): Promise<Exports> {
  try {
    return (await import(pathToFileURL(entryOf(found)).href)) as Exports;
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    const required = entryOf(found, "require");
    if (code !== "ERR_MODULE_NOT_FOUND" && code !== "ERR_UNSUPPORTED_DIR_IMPORT") throw error;
    if (required === entryOf(found)) throw error;
    return createRequire(required)(required) as Exports;
  }
}

/** The names of a CommonJS module that only came as `default`. */
export function unwrapped(exports: Exports): Exports {
  const inner = exports["default"];
  if (typeof inner !== "object" || inner === null) return exports;
  const nested = (inner as { default?: unknown }).default;
  if (exports["__esModule"] && typeof nested === "object" && nested !== null)
    return nested as Exports;
  const alone = Object.keys(exports).every((key) => key === "default" || key === "module.exports");
  return alone && Object.keys(inner).length > 0 ? (inner as Exports) : exports;
}
