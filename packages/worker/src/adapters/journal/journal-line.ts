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
 * end: that entry was never promised to anyone. Any other broken line is counted and left out.
 */
export function decodeLines(text: string): DecodedLines {
  const lines = text.split("\n");
  // Behind the last line feed there is nothing, or what was cut.
  lines.pop();
  const entries: JournalEntry[] = [];
  let broken = 0;
  for (const line of lines) {
    const entry = decodeLine(line);
    if (entry === undefined) broken += 1;
    else entries.push(entry);
  }
  return { entries, broken };
}

function decodeLine(line: string): JournalEntry | undefined {
  const text = line.slice(9);
  if (line.slice(0, 9) !== `${checksum(text)} `) return undefined;
  // The checksum says that these are bytes which this program wrote.
  return JSON.parse(text) as JournalEntry;
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, "0");
}
