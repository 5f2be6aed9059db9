import type { ReportedFile, ReportedFinding, Reporter } from "./report.ts";

/** JUnit's XML: a suite for each file, a failing case for each finding, a passing one where there is none. */
export const junit: Reporter = ({ files, skipped }) => {
  const suites = files.map(suite);
  const left = skipped.map(
    ({ path, reason }) =>
      `<testsuite name="${xml(path)}" tests="1" failures="0" skipped="1"><testcase name="read" classname="${xml(path)}"><skipped message="${xml(`it ${reason}`)}"/></testcase></testsuite>`,
  );
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", ...suites, ...left];
  return `${[...lines, "</testsuites>"].join("\n")}\n`;
};

function suite(file: ReportedFile): string {
  const { path, findings } = file;
  const cases = findings.map((finding) => failing(file, finding));
  const all = cases.length > 0 ? cases : [`<testcase name="lint" classname="${xml(path)}"/>`];
  const head = `<testsuite name="${xml(path)}" tests="${all.length}" failures="${cases.length}" skipped="0">`;
  return [head, ...all, "</testsuite>"].join("\n");
}

function failing(
  { path }: ReportedFile,
  { code, severity, message, start }: ReportedFinding,
): string {
  const place = `${path}:${start.line}:${start.column}`;
  const name = xml(`${code} at ${start.line}:${start.column}`);
  return `<testcase name="${name}" classname="${xml(path)}"><failure type="${severity}" message="${xml(message)}">${xml(place)}</failure></testcase>`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** XML 1.0 cannot hold most control characters, not even escaped. */
function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]|[\ud800-\udfff]/g, "\ufffd")
    .replace(/[&<>"]/g, (sign) => entities[sign] ?? sign);
}
