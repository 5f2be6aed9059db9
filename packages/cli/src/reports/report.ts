import type { FileFix, Finding } from "@workloops/language-service";
import type { Severity } from "@workloops/parser";

/** A place that people read: lines and columns from 1, offsets from 0, all in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** A finding with its places spelled out. */
export interface ReportedFinding extends Finding {
  readonly start: Position;
  readonly end: Position;
}

/** One file that held a value or was named, and what is wrong in it. */
export interface ReportedFile {
  readonly path: string;
  readonly text: string;
  readonly findings: readonly ReportedFinding[];
}

/** A file that was not read, or not wholly, and why. */
export interface SkippedFile {
  readonly path: string;
  readonly reason: string;
}

export interface Summary {
  /** Files looked into. */
  readonly files: number;
  /** Values found in them. */
  readonly values: number;
  readonly errors: number;
  readonly warnings: number;
  readonly hints: number;
  readonly skipped: number;
}

/** Everything that one `workloops lint` found. */
export interface LintReport {
  readonly files: readonly ReportedFile[];
  readonly skipped: readonly SkippedFile[];
  readonly summary: Summary;
}

/** Writes a report in one format; the text ends with a line feed, or is empty. */
export type Reporter = (report: LintReport, style: ReportStyle) => string;

export interface ReportStyle {
  readonly color: boolean;
  /** The version of this program. */
  readonly version: string;
}

/** Positions in one text. */
export function positions(text: string): (offset: number) => Position {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1, offset };
  };
}

export function reported(text: string, findings: readonly Finding[]): ReportedFinding[] {
  if (findings.length === 0) return [];
  const at = positions(text);
  return findings.map((finding) => ({
    ...finding,
    start: at(finding.span.start),
    end: at(finding.span.end),
  }));
}

export function summarise(
  files: readonly ReportedFile[],
  looked: { readonly files: number; readonly values: number; readonly skipped: number },
): Summary {
  const count = (severity: Severity) =>
    files.reduce(
      (n, { findings }) => n + findings.filter((f) => f.severity === severity).length,
      0,
    );
  return {
    files: looked.files,
    values: looked.values,
    errors: count("error"),
    warnings: count("warning"),
    hints: count("hint"),
    skipped: looked.skipped,
  };
}

/** The fix to offer first: one that keeps the meaning, where there is one. */
export function bestFix(finding: Finding): FileFix | undefined {
  return finding.fixes.find((fix) => fix.meaning === "keeps") ?? finding.fixes[0];
}
