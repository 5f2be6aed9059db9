import { fingerprints } from "./fingerprint.ts";
import type { Reporter } from "./report.ts";

const severities = { error: "major", warning: "minor", hint: "info" } as const;

/** GitLab's code quality report. */
export const gitlab: Reporter = ({ files }) => {
  const issues = files.flatMap((file) => {
    const prints = fingerprints(file);
    return file.findings.map(({ code, severity, message, start, end }, i) => ({
      description: message,
      check_name: code,
      fingerprint: prints[i] ?? "",
      severity: severities[severity],
      location: {
        path: file.path,
        lines: { begin: start.line, end: end.line },
      },
    }));
  });
  return `${JSON.stringify(issues, null, 2)}\n`;
};
