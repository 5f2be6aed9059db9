import { createHash } from "node:crypto";
import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AdaptorPlaces, PackPlace, PackPlaces } from "../messages.ts";
import { decodePack, encodePack, packFile } from "./pack-format.ts";
import { entryOf, findPackage, type InstalledPackage, isCommonJs } from "./package-root.ts";
import { readSpecifier } from "./specifier.ts";

/** Adaptors in one file each, which a child loads in a fraction of the time. */
export interface Packs {
  /**
   * The packs of these adaptors that are there and fit their files, for a child with this memory
   * limit. What is missing is begun, for later runs.
   */
  find(adaptors: readonly string[], memoryLimitMb: number): Promise<PackPlaces>;
  /** Makes the pack of one adaptor, where it can have one and has none. Rejects where no child comes up. */
  make(adaptor: string): Promise<void>;
}

/** What children do for packs. `undefined` where it cannot be had; they reject where none comes up. */
export interface PackMakers {
  /** The text of a pack. */
  pack(adaptor: string): Promise<string | undefined>;
  /** A file with what V8 compiled of a pack: good for processes with the same flags. */
  code(pack: PackPlace, memoryLimitMb: number): Promise<string | undefined>;
}

/**
 * Pairs of an adaptor and a memory limit: each is a file of some megabytes and has cost a child.
 * Limits come from plans, so their number is the server's to say; past this one a pack is compiled
 * at each load.
 */
const maxCodeFiles = 64;

/** A pack is looked at once for each engine: installed versions do not change. */
export function createPacks(places: AdaptorPlaces, makers: PackMakers): Packs {
  const roots = new Map<string, Promise<string | undefined>>();
  const codeFiles = new Map<string, string | undefined>();
  let making: Promise<unknown> = Promise.resolve();
  /** One at a time; what fails is not tried again, since a run does without. */
  const later = (work: () => Promise<unknown>): void => {
    making = making.then(work).catch(() => undefined);
  };
  const check = (adaptor: string): Promise<string | undefined> => {
    const known = roots.get(adaptor);
    if (known !== undefined) return known;
    const found = packable(adaptor, places);
    if (found === undefined) return Promise.resolve(undefined);
    const root = goodPack(found);
    roots.set(adaptor, root);
    return root;
  };
  const make = async (adaptor: string): Promise<void> => {
    const found = packable(adaptor, places);
    if (found === undefined || (await check(adaptor)) !== undefined) return;
    const text = await makers.pack(adaptor);
    if (text !== undefined && (await store(found.root, text)))
      roots.set(adaptor, Promise.resolve(found.root));
  };
  const codeFileOf = (root: string, memoryLimitMb: number): string | undefined => {
    const key = `${memoryLimitMb} ${root}`;
    if (codeFiles.has(key) || codeFiles.size >= maxCodeFiles) return codeFiles.get(key);
    codeFiles.set(key, undefined);
    later(async () => codeFiles.set(key, await makers.code({ root }, memoryLimitMb)));
    return undefined;
  };
  return {
    async find(adaptors, memoryLimitMb) {
      const ready: Record<string, PackPlace> = {};
      for (const adaptor of adaptors) {
        const isNew = !roots.has(adaptor);
        const root = await check(adaptor);
        if (root !== undefined) {
          const codeFile = codeFileOf(root, memoryLimitMb);
          ready[adaptor] = codeFile === undefined ? { root } : { root, codeFile };
        } else if (isNew) later(() => make(adaptor));
      }
      return ready;
    },
    make,
  };
}

/** An adaptor of the repo dir that has a CommonJS entry. One of the monorepo is being worked on. */
function packable(adaptor: string, places: AdaptorPlaces): InstalledPackage | undefined {
  if (readSpecifier(adaptor)?.version === "local") return undefined;
  const found = findPackage(adaptor, places);
  return found !== undefined && isCommonJs(entryOf(found, "require")) ? found : undefined;
}

/** The adaptor's folder, where a whole pack of its present files lies in it. */
async function goodPack({ root }: InstalledPackage): Promise<string | undefined> {
  try {
    const pack = decodePack(await readFile(packFile(root)));
    if (pack === undefined || pack.header.sha256 !== sha256(pack.code)) return undefined;
    for (const { path, size, mtimeMs } of pack.header.modules) {
      const now = await stat(join(root, path));
      if (now.size !== size || Math.trunc(now.mtimeMs) !== mtimeMs) return undefined;
    }
    return root;
  } catch {
    return undefined;
  }
}

/** False where the folder cannot be written: the adaptor is then loaded file by file. */
async function store(root: string, text: string): Promise<boolean> {
  const next = `${packFile(root)}.${process.pid}`;
  const pack = decodePack(Buffer.from(text));
  if (pack === undefined) return false;
  try {
    await writeFile(next, encodePack({ ...pack.header, sha256: sha256(pack.code) }, pack.code));
    await rename(next, packFile(root));
    return true;
  } catch {
    await rm(next, { force: true }).catch(() => undefined);
    return false;
  }
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
