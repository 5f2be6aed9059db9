import { frame, helpOf } from "@workloops/parser";
import {
  bestFix,
  type LintReport,
  type ReportedFile,
  type ReportedFinding,
  type ReportedPlace,
  type Reporter,
} from "./report.ts";

type Part = Parameters<NonNullable<Parameters<typeof frame>[0]["paint"]>>[0];

const colors: Readonly<Record<string, string>> = { error: "31", warning: "33", hint: "36" };

/** What people read: a code frame for each finding, then what was left out, then the count. */
export const pretty: Reporter = (report, { color }) => {
  const frames = report.files.flatMap((file) =>
    file.findings.map((finding) => framed(file, finding, color)),
  );
  const skipped = report.skipped.map(({ path, reason }) => `skipped ${path}: it ${reason}`);
  const parts = [...frames, ...(skipped.length > 0 ? [skipped.join("\n")] : []), closing(report)];
  return `${parts.join("\n\n")}\n`;
};

function framed(file: ReportedFile, finding: ReportedFinding, color: boolean): string {
  const { code, severity, message, span } = finding;
  const paint = (part: Part, text: string) => {
    if (!color) return text;
    const style = part === "frame" ? "2" : (colors[severity] ?? "0");
    return part === "code" ? text : `\u001b[${style}m${text}\u001b[0m`;
  };
  const fix = bestFix(finding);
  const help = fix === undefined ? {} : { help: helpOf(fix) };
  const shown = frame({
    text: file.text,
    span,
    origin: file.path,
    code,
    severity,
    message,
    paint,
    ...help,
  });
  return [shown, ...finding.related.map(also)].join("\n");
}

/** Another place of the finding, in one line. */
function also({ uri, start, message }: ReportedPlace): string {
  const place = start === undefined ? uri : `${uri}:${start.line}:${start.column}`;
  return `  also ${place}: ${message}`;
}

function closing({ summary, files }: LintReport): string {
  const counted = [
    several(summary.errors, "error"),
    several(summary.warnings, "warning"),
    several(summary.hints, "hint"),
  ].filter((text) => !text.startsWith("0 "));
  const seen = `${several(summary.values, "value")} in ${several(summary.files, "file")}`;
  if (counted.length === 0) return `No problems: ${seen} read.`;
  const wrong = files.filter(({ findings }) => findings.length > 0).length;
  return `${counted.join(", ")} in ${several(wrong, "file")} (${seen} read).`;
}

function several(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
