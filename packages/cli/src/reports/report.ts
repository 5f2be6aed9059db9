import type { FileFix, Finding, RelatedPlace } from "@workloops/language-service";
import type { Severity } from "@workloops/parser";

/** A place that people read: lines and columns from 1, offsets from 0, all in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** Another place of a finding, where its file can be read with its ends spelled out. */
export interface ReportedPlace extends RelatedPlace {
  readonly start?: Position;
  readonly end?: Position;
}

/** A finding with its places spelled out. */
export interface ReportedFinding extends Finding {
  readonly start: Position;
  readonly end: Position;
  readonly related: readonly ReportedPlace[];
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
function positions(text: string): (offset: number) => Position {
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

/** Findings of a file with lines and columns; `textOf` gives the texts of the files that take part. */
export async function reported(
  path: string,
  findings: readonly Finding[],
  textOf: (path: string) => Promise<string | undefined>,
): Promise<ReportedFinding[]> {
  const places = new Map<string, ReturnType<typeof positions> | undefined>();
  for (const uri of [path, ...findings.flatMap(({ related }) => related.map((one) => one.uri))]) {
    if (findings.length === 0 || places.has(uri)) continue;
    const text = await textOf(uri);
    places.set(uri, text === undefined ? undefined : positions(text));
  }
  const spelledOut = <P extends Pick<RelatedPlace, "uri" | "span">>(place: P) => {
    const at = places.get(place.uri);
    const { start, end } = place.span;
    return at === undefined ? place : { ...place, start: at(start), end: at(end) };
  };
  const nowhere = { line: 1, column: 1, offset: 0 };
  return findings.map((finding) => ({
    ...{ start: nowhere, end: nowhere },
    ...spelledOut(finding),
    related: finding.related.map(spelledOut),
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
