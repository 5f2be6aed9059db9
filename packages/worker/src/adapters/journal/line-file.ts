import { closeSync, fdatasync, openSync, rmSync, writeSync } from "node:fs";
import { promisify } from "node:util";
import type { JournalEntry } from "../../core/index.ts";
import { encodeLine } from "./journal-line.ts";

const dataSync = promisify(fdatasync);

/** Where the line with a run's token stands: byte offset and length, without its line feed. */
interface Span {
  readonly at: number;
  readonly bytes: number;
}

/** A file of lines that is being written. What was put is read by others at once, also if this process is killed. */
export interface LineFile {
  readonly fd: number;
  bytes: number;
  /** The `claimed` lines of runs that have not ended. */
  readonly tokens: Map<string, Span[]>;
}

/**
 * An empty file that only its owner may read, in the place of what was there.
 * @throws Error of the file system
 */
export function createLineFile(path: string): LineFile {
  // A file that is opened again keeps the permissions that it had.
  rmSync(path, { force: true });
  return { fd: openSync(path, "wx+", 0o600), bytes: 0, tokens: new Map() };
}

/**
 * Appends an entry. With the end of a run its token goes: the line is overwritten by spaces.
 * @throws Error of the file system; what stands in the file then may be half a line
 */
export function putEntry(file: LineFile, entry: JournalEntry): void {
  const line = Buffer.from(encodeLine(entry));
  writeAll(file.fd, line, file.bytes);
  if (entry.type === "claimed") {
    const spans = file.tokens.get(entry.run) ?? [];
    file.tokens.set(entry.run, [...spans, { at: file.bytes, bytes: line.length - 1 }]);
  }
  file.bytes += line.length;
  if (entry.type === "ended") forgetClaim(file, entry.run);
}

/**
 * Overwrites the `claimed` lines of a run, which takes no room on a disk that is full.
 * @throws Error of the file system
 */
export function forgetClaim(file: LineFile, run: string): void {
  for (const { at, bytes } of file.tokens.get(run) ?? []) {
    writeAll(file.fd, Buffer.alloc(bytes, " "), at);
  }
  file.tokens.delete(run);
}

/** Resolves when what was put is on the disk. */
export async function syncLineFile(file: LineFile): Promise<void> {
  await dataSync(file.fd);
}

export function closeLineFile(file: LineFile | undefined): void {
  if (file === undefined) return;
  try {
    closeSync(file.fd);
  } catch {
    // What could not be written has been told of already.
  }
}

/** A disk that is nearly full takes a part of what it is given, and refuses the rest. */
function writeAll(fd: number, bytes: Buffer, at: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(fd, bytes, done, bytes.length - done, at + done);
  }
}
