import type { ReportedFile } from "./report.ts";

/** FNV-1a over UTF-16 units, in 64 bits: short, and good enough to tell the findings of one repository apart. */
function hash(text: string): string {
  let value = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i += 1) {
    value = BigInt.asUintN(64, (value ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  }
  return value.toString(16).padStart(16, "0");
}

/**
 * One fingerprint for each finding of a file, in order. It depends on the code, the path and
 * the text of the line, and counts findings that are alike, but never on a line's number.
 */
export function fingerprints({ path, text, findings }: ReportedFile): string[] {
  const seen = new Map<string, number>();
  return findings.map(({ code, span }) => {
    const start = text.lastIndexOf("\n", span.start - 1) + 1;
    const feed = text.indexOf("\n", span.start);
    const line = text.slice(start, feed < 0 ? text.length : feed).trim();
    const key = [code, path, line, text.slice(span.start, span.end)].join("\u0000");
    const nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    return hash(`${key}\u0000${nth}`);
  });
}
