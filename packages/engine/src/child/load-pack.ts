import { isAscii } from "node:buffer";
import { readFileSync } from "node:fs";
import { createRequire, Module } from "node:module";
import { dirname, join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { constants, Script } from "node:vm";
import { decodePack, type Pack, packFile } from "../adaptors/pack-format.ts";
import type { PackPlace } from "../messages.ts";

/** A pack in memory, with the adaptor's folder. */
export interface ReadPack extends Pack {
  readonly root: string;
  /** What V8 compiled of it for another process with the same flags. */
  readonly cachedData?: Buffer;
}

/** Reads a pack that the engine has checked; `undefined` where it is gone meanwhile. */
export function readPack({ root, codeFile }: PackPlace): ReadPack | undefined {
  const bytes = readIfThere(packFile(root));
  const pack = bytes && decodePack(bytes);
  if (pack === undefined) return undefined;
  const cachedData = codeFile === undefined ? undefined : readIfThere(codeFile);
  return { root, ...pack, ...(cachedData && { cachedData }) };
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

type Wrapper = (
  exports: unknown,
  require: NodeJS.Require,
  module: Module,
  filename: string,
  folder: string,
  importModule: ImportModule,
) => void;

type ImportModule = (name: string, options?: ImportCallOptions) => Promise<unknown>;

/**
 * Loading is not what a process is tuned for: without the optimizing compiler, which takes four
 * megabytes of each process that ever used it, for code that runs once; and without a larger
 * young generation, which would stay, empty, as large as this once made it.
 */
function sparingly<T>(work: () => T): T {
  setFlagsFromString("--no-opt");
  setFlagsFromString("--semi-space-growth-factor=1");
  try {
    return work();
  } finally {
    setFlagsFromString("--opt");
    setFlagsFromString("--semi-space-growth-factor=2");
  }
}

/** Compiles a pack, from what V8 made of it before where there is that. */
function compilePack({ root, header, code, cachedData }: ReadPack): Script {
  return new Script(code.toString(isAscii(code) ? "latin1" : "utf8"), {
    // Errors name the adaptor's entry: a stack that shows its folder is the adaptor's.
    filename: join(root, header.modules[0]?.path ?? ""),
    ...(cachedData && { cachedData }),
  });
}

/**
 * Runs the entry of a pack as `require` would, and gives its exports. A module of the pack is
 * run when it is first required, once, as Node does it.
 */
export function loadPack(pack: ReadPack): Record<string, unknown> {
  return sparingly(() => runPack(pack, compilePack(pack)));
}

/** Loads a pack, and gives what V8 has compiled of it then: what loading it runs, and no more. */
export function codeOf(pack: ReadPack): Buffer {
  return sparingly(() => {
    const script = compilePack(pack);
    runPack(pack, script);
    return script.createCachedData();
  });
}

function runPack(pack: ReadPack, script: Script): Record<string, unknown> {
  const { root } = pack;
  const { modules } = pack.header;
  const paths = modules.map(({ path }) => join(root, path));
  const indexes = new Map(paths.map((path, index) => [path, index]));
  const wrappers = script.runInThisContext() as Wrapper[];
  const loaded = new Map<number, Module>();
  const load = (index: number, parent?: Module): unknown => {
    const known = loaded.get(index);
    if (known !== undefined) return known.exports;
    const path = paths[index] ?? "";
    const module = new Module(path, parent);
    module.filename = path;
    loaded.set(index, module);
    try {
      wrappers[index]?.call(
        module.exports,
        module.exports,
        requireOf(index, module),
        module,
        path,
        dirname(path),
        importOf(index),
      );
    } catch (error) {
      loaded.delete(index);
      throw error;
    }
    module.loaded = true;
    return module.exports;
  };
  const requireOf = (index: number, module: Module): NodeJS.Require => {
    const { requires = {} } = modules[index] ?? {};
    let nodes: NodeJS.Require | undefined;
    const real = (): NodeJS.Require => {
      nodes ??= createRequire(paths[index] ?? root);
      return nodes;
    };
    const require = (name: string): unknown => {
      const fixed = Object.hasOwn(requires, name) ? requires[name] : undefined;
      const target = fixed ?? indexes.get(real().resolve(name));
      return target === undefined ? real()(name) : load(target, module);
    };
    for (const key of ["resolve", "cache", "extensions", "main"] as const)
      Object.defineProperty(require, key, { get: () => real()[key], enumerable: true });
    module.require = require as Module["require"];
    return require as NodeJS.Require;
  };
  const importOf = (index: number): ImportModule => {
    const { requires = {} } = modules[index] ?? {};
    return async (name, options) => {
      const target = Object.hasOwn(requires, name) ? requires[name] : undefined;
      if (target !== undefined) return namespaceOf(load(target));
      return importFrom(paths[index] ?? root)(name, options);
    };
  };
  return load(0) as Record<string, unknown>;
}

/** `import(…)` as it would be called in that file. */
function importFrom(path: string): ImportModule {
  return new Script("(name, options) => import(name, options)", {
    filename: path,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }).runInThisContext() as ImportModule;
}

/** What `import(…)` gives of a CommonJS module. */
function namespaceOf(exports: unknown): object {
  return { ...Object(exports), default: exports };
}
