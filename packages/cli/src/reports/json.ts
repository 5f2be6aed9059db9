import type { Finding } from "@workloops/language-service";
import type { LintReport, ReportedFinding, Reporter } from "./report.ts";

/** The version of this form; it changes when a reader of the old one would go wrong. */
const version = 1;

/** The report as data: docs/schemas/lint-report.schema.json. */
export const json: Reporter = (report) => `${JSON.stringify(asData(report), null, 2)}\n`;

function asData({ files, skipped, summary }: LintReport) {
  return {
    version,
    files: files.map(({ path, findings }) => ({ path, diagnostics: findings.map(diagnostic) })),
    skipped,
    summary,
  };
}

function diagnostic({ code, severity, message, start, end, ...rest }: ReportedFinding) {
  return {
    code,
    severity,
    message,
    start,
    end,
    data: rest.data,
    related: rest.related.map(({ uri, span, start: at, message: said }) => ({
      path: uri,
      ...span,
      ...(at === undefined ? {} : { line: at.line, column: at.column }),
      message: said,
    })),
    fixes: rest.fixes.map(fix),
  };
}

function fix({ title, meaning, uri, edits }: Finding["fixes"][number]) {
  return {
    title,
    meaning,
    path: uri,
    edits: edits.map(({ span, text }) => ({ ...span, text })),
  };
}
