import { crc32 } from "node:zlib";
import type { JournalEntry } from "../../core/index.ts";

/** One entry as a line of the file: a checksum, a space, JSON, a line feed. */
export function encodeLine(entry: JournalEntry): string {
  const text = JSON.stringify(entry);
  return `${checksum(text)} ${text}\n`;
}

export interface DecodedLines {
  readonly entries: readonly JournalEntry[];
  /** Lines that are no entry any more; a last line that was cut is not one of them. */
  readonly broken: number;
}

/**
 * The entries of a file. A process that is killed while it writes leaves a last line without its
 * end: that entry was never promised to anyone. A line of spaces was blanked when its run ended.
 * Any other broken line is counted and left out.
 */
export function decodeLines(text: string): DecodedLines {
  const lines = text.split("\n");
  // Behind the last line feed there is nothing, or what was cut.
  lines.pop();
  const entries: JournalEntry[] = [];
  let broken = 0;
  for (const line of lines) {
    if (line.trim() === "") continue;
    const entry = decodeLine(line);
    if (entry === undefined) broken += 1;
    else entries.push(entry);
  }
  return { entries, broken };
}

function decodeLine(line: string): JournalEntry | undefined {
  const text = line.slice(9);
  if (text === "" || line.slice(0, 9) !== `${checksum(text)} `) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isEntry(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The checksum tells what was damaged; what was written by another program or version it does not. */
function isEntry(value: unknown): value is JournalEntry {
  if (typeof value !== "object" || value === null) return false;
  const { type, run, token, chain, end } = value as Readonly<Record<string, unknown>>;
  if (typeof run !== "string") return false;
  if (type === "claimed") return typeof token === "string" && typeof chain === "string";
  if (type === "ending") return isEnd(end);
  return type === "started" || type === "ended";
}

function isEnd(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { reason, errorType } = value as Readonly<Record<string, unknown>>;
  return typeof reason === "string" && (errorType === null || typeof errorType === "string");
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, "0");
}
