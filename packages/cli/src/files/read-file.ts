import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { type Decoded, decodeFile } from "./decode-file.ts";

/** Bytes. A file that people configure by hand is far smaller, and a larger one only costs memory. */
const maxFileBytes = 4 * 1024 * 1024;

/** Nearly every file fits: one buffer for all of them keeps ten thousand small ones from the garbage collector. */
const scratch = Buffer.allocUnsafe(64 * 1024);

/**
 * The bytes of a regular file; a pipe or a device would never end. They are valid until the
 * next call.
 */
export function readBytes(path: string): { readonly bytes: Buffer } | { readonly reason: string } {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return { reason: reasonOf(error) };
  }
  try {
    const count = readSync(descriptor, scratch, 0, scratch.length, null);
    if (count > 0 && count < scratch.length) return { bytes: scratch.subarray(0, count) };
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) return { reason: "is no regular file" };
    if (stat.size > maxFileBytes) {
      return { reason: `has ${stat.size} bytes; at most ${maxFileBytes} are read` };
    }
    const rest = readFileSync(descriptor);
    return { bytes: Buffer.concat([scratch.subarray(0, count), rest]) };
  } catch (error) {
    return { reason: reasonOf(error) };
  } finally {
    closeSync(descriptor);
  }
}

export function readText(path: string): Decoded {
  const read = readBytes(path);
  return "reason" in read ? read : decodeFile(read.bytes);
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: "may not be read",
  EPERM: "may not be read",
  ENOENT: "does not exist",
  ELOOP: "is a symbolic link in a circle",
  EISDIR: "is a folder",
  ENOTDIR: "stands below a file",
  ENXIO: "is no regular file",
};

export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined) throw error;
  return reasons[code] ?? `cannot be read (${code})`;
}
