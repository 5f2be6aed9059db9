import { join } from "node:path";

/** Where an adaptor's pack lies, below the adaptor's own folder. */
export const packFile = (root: string): string => join(root, ".workloops-pack.js");

/** Goes up with each change of what a pack holds. */
const packFormat = 1;

/** What stands for `import` in an `import(…)` of a packed module. */
export const importName = "__workloopsImport";

/** One file of a pack. */
export interface PackedModule {
  /** From the adaptor's folder. */
  readonly path: string;
  readonly size: number;
  /** Whole milliseconds. */
  readonly mtimeMs: number;
  /** What it requires or imports by a fixed name: positions in `modules`. */
  readonly requires: Readonly<Record<string, number>>;
}

/** What stands in the first line of a pack. */
export interface PackHeader {
  readonly format: typeof packFormat;
  /** Of everything behind the first line, hexadecimal; put in by who stores the pack. */
  readonly sha256?: string;
  /** What the adaptor's type declarations export; absent where it has none. */
  readonly names?: readonly string[];
  /** The first one is the entry. */
  readonly modules: readonly PackedModule[];
}

/**
 * The modules of an adaptor in one file: a line of JSON, then the text of an array of functions,
 * one for each module, as Node wraps CommonJS.
 */
export interface Pack {
  readonly header: PackHeader;
  readonly code: Buffer;
}

export function encodePack(header: Omit<PackHeader, "format">, code: Buffer): Buffer {
  const full: PackHeader = { format: packFormat, ...header };
  return Buffer.concat([Buffer.from(`${JSON.stringify(full)}\n`), code]);
}

/** `undefined` where the bytes are no pack of this format. The hash is not looked at. */
export function decodePack(bytes: Buffer): Pack | undefined {
  const end = bytes.indexOf(10);
  if (end < 0) return undefined;
  try {
    const header = JSON.parse(bytes.toString("utf8", 0, end)) as PackHeader;
    return header.format === packFormat ? { header, code: bytes.subarray(end + 1) } : undefined;
  } catch {
    return undefined;
  }
}
