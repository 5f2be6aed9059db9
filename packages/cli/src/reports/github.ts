import type { Reporter } from "./report.ts";

const commands = { error: "error", warning: "warning", hint: "notice" } as const;

/** What GitHub's runner turns into annotations of a pull request. */
export const github: Reporter = ({ files, skipped }) => {
  const lines = files.flatMap(({ path, findings }) =>
    findings.map(({ code, severity, message, start, end }) => {
      const at = {
        file: path,
        line: start.line,
        endLine: end.line,
        col: start.column,
        endColumn: end.column,
        title: `workloops ${code}`,
      };
      const properties = Object.entries(at).map(
        ([key, value]) => `${key}=${property(String(value))}`,
      );
      return `::${commands[severity]} ${properties.join(",")}::${data(message)}`;
    }),
  );
  const left = skipped.map(({ path, reason }) => {
    return `::notice file=${property(path)},title=workloops skipped::${data(`it ${reason}`)}`;
  });
  return [...lines, ...left].map((line) => `${line}\n`).join("");
};

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
