import type { OptionRow } from "./option-row.ts";
import { lanesRows, operationRows, runRows, serverRows } from "./option-table.ts";

const sections: readonly (readonly [string, readonly OptionRow[]])[] = [
  ["Lanes", lanesRows],
  ["Lightning", serverRows],
  ["Runs", runRows],
  ["Operations", operationRows],
];

/** What `--help` prints. */
export function help(): string {
  const lines = ["Usage: workloops worker [OPTIONS]", ""];
  for (const [title, rows] of sections) {
    lines.push(`${title}:`);
    for (const row of rows.filter((one) => one.hidden !== true)) {
      lines.push(`  ${flagOf(row)}`);
      lines.push(`      ${row.meaning}`);
      lines.push(`      ${["default:", row.usual ?? "none", ...variableOf(row)].join(" ")}`);
    }
    lines.push("");
  }
  lines.push("A flag wins over its variable. --help and --version print and end.", "");
  return lines.join("\n");
}

function flagOf({ name, aliases, kind }: OptionRow): string {
  const others = aliases.map((alias) => (alias.length === 1 ? `-${alias}` : `--${alias}`));
  const value = placeholderOf(kind);
  return [...others.filter((alias) => alias.length === 2), `--${name}${value}`].join(", ");
}

function placeholderOf(kind: OptionRow["kind"]): string {
  switch (kind.type) {
    case "switch":
      return "";
    case "number":
      return ` N${kind.unit === "" ? "" : ` (${kind.unit})`}`;
    case "choice":
      return ` ${kind.choices.join("|")}`;
    case "backoff":
      return " MIN/MAX (seconds)";
    case "list":
      return " A,B";
    case "text":
      return " TEXT";
  }
}

function variableOf({ variables }: OptionRow): readonly string[] {
  return variables.length === 0 ? [] : [`(${variables.join(" or ")})`];
}

/** The same rows for docs/worker.md. */
export function optionsMarkdown(): string {
  const lines: string[] = [];
  for (const [title, rows] of sections) {
    lines.push(
      `### ${title}`,
      "",
      "| flag | variable | takes | default | meaning |",
      "|---|---|---|---|---|",
    );
    for (const row of rows) {
      const names = [row.name, ...row.aliases].map(
        (name) => `\`${name.length === 1 ? "-" : "--"}${name}\``,
      );
      const cells = [
        names.join(" "),
        row.variables.map((name) => `\`${name}\``).join(" ") || "–",
        takes(row.kind),
        row.usual === undefined ? "–" : `\`${row.usual}\``,
        row.meaning,
      ];
      lines.push(`| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`);
    }
    lines.push("");
  }
  return lines.join("\n").trimEnd();
}

function takes(kind: OptionRow["kind"]): string {
  switch (kind.type) {
    case "switch":
      return "true, false";
    case "number":
      return `${kind.min} to ${kind.max}${kind.unit === "" ? "" : ` ${kind.unit}`}`;
    case "choice":
      return kind.choices.join(", ");
    case "backoff":
      return "MIN/MAX, seconds";
    case "list":
      return "a comma list";
    case "text":
      return "text";
  }
}
