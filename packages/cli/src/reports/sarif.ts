import type { FileFix } from "@workloops/language-service";
import { hostRules } from "@workloops/language-service";
import { rules } from "@workloops/parser";
import { fingerprints } from "./fingerprint.ts";
import type { ReportedFile, ReportedPlace, Reporter } from "./report.ts";

const levels = { error: "error", warning: "warning", hint: "note" } as const;
const all = [...rules, ...hostRules];

/** SARIF 2.1.0. Fingerprints hold the code and the text around it, so that they survive moved lines. */
export const sarif: Reporter = (report, { version }) => {
  const found = new Set(report.files.flatMap(({ findings }) => findings.map(({ code }) => code)));
  const run = {
    tool: {
      driver: {
        name: "workloops",
        version,
        rules: all
          .filter(({ code }) => found.has(code))
          .map(({ code, severity, summary, why }) => ({
            id: code,
            shortDescription: { text: summary },
            fullDescription: { text: why },
            defaultConfiguration: { level: levels[severity] },
          })),
      },
    },
    columnKind: "utf16CodeUnits",
    invocations: [
      {
        executionSuccessful: true,
        toolExecutionNotifications: report.skipped.map(({ path, reason }) => ({
          level: "note",
          message: { text: `${path} ${reason}` },
          locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(path) } } }],
        })),
      },
    ],
    results: report.files.flatMap(results),
  };
  const $schema = "https://json.schemastore.org/sarif-2.1.0.json";
  return `${JSON.stringify({ $schema, version: "2.1.0", runs: [run] }, null, 2)}\n`;
};

function results(file: ReportedFile) {
  const prints = fingerprints(file);
  return file.findings.map((finding, i) => ({
    ruleId: finding.code,
    level: levels[finding.severity],
    message: { text: finding.message },
    locations: [location({ ...finding, uri: file.path })],
    relatedLocations: finding.related.map(related),
    partialFingerprints: { "workloops/v1": prints[i] ?? "" },
    fixes: finding.fixes.map(fix),
  }));
}

function location({ uri, span, start, end }: ReportedPlace) {
  const lines =
    start === undefined || end === undefined
      ? {}
      : {
          startLine: start.line,
          startColumn: start.column,
          endLine: end.line,
          endColumn: end.column,
        };
  const region = { ...lines, charOffset: span.start, charLength: span.end - span.start };
  return { physicalLocation: { artifactLocation: { uri: uriOf(uri) }, region } };
}

const related = (place: ReportedPlace) => ({
  message: { text: place.message },
  ...location(place),
});

function fix({ title, uri, edits }: FileFix) {
  return {
    description: { text: title },
    artifactChanges: [
      {
        artifactLocation: { uri: uriOf(uri) },
        replacements: edits.map(({ span, text }) => ({
          deletedRegion: { charOffset: span.start, charLength: span.end - span.start },
          insertedContent: { text },
        })),
      },
    ],
  };
}

/** A path as the reference that SARIF asks for: every character that means something in a URI is escaped. */
function uriOf(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
