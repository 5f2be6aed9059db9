import type { Buffer } from "node:buffer";

/** A file's text, or why it is none. A byte order mark stays, because it counts in offsets. */
export type Decoded = { readonly text: string } | { readonly reason: string };

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export const binary = { reason: "is binary, or not in UTF-8" } as const;

/** Bytes of a file that are looked at for a zero, which no text has. */
const sniffedBytes = 8192;

export function looksBinary(bytes: Buffer): boolean {
  return bytes.subarray(0, sniffedBytes).includes(0);
}

export function decodeFile(bytes: Buffer): Decoded {
  if (bytes.includes(0)) return binary;
  try {
    return { text: utf8.decode(bytes) };
  } catch (error) {
    if (error instanceof TypeError) return { reason: "is not valid UTF-8" };
    throw error;
  }
}
