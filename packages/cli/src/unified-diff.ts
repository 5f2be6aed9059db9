import { type LineChange, lineDiff } from "./line-diff.ts";

/** Lines around a change that a reader of a diff sees. */
const context = 3;

/** What changed in a text, as `patch` reads it; empty where nothing did. */
export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return "";
  const changes = lineDiff(linesOf(before), linesOf(after));
  const shown = changes.map((_, i) =>
    changes.slice(Math.max(0, i - context), i + context + 1).some(({ kind }) => kind !== "same"),
  );
  const parts = [`--- a/${path}\n+++ b/${path}\n`];
  let old = 1;
  let now = 1;
  for (let i = 0; i < changes.length; ) {
    let end = i;
    while (end < changes.length && shown[end] === shown[i]) end += 1;
    const hunk = changes.slice(i, end);
    const oldCount = hunk.filter(({ kind }) => kind !== "added").length;
    const newCount = hunk.filter(({ kind }) => kind !== "removed").length;
    if (shown[i]) {
      parts.push(`@@ -${at(old, oldCount)} +${at(now, newCount)} @@\n${hunk.map(row).join("")}`);
    }
    old += oldCount;
    now += newCount;
    i = end;
  }
  return parts.join("");
}

/** A hunk without lines on one side names the line before it. */
function at(line: number, count: number): string {
  return `${count === 0 ? line - 1 : line},${count}`;
}

/** Lines with their ends; a last line without one stands alone. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

const signs = { same: " ", removed: "-", added: "+" } as const;

function row({ kind, line }: LineChange): string {
  const end = line.endsWith("\n") ? "" : "\n\\ No newline at end of file\n";
  return `${signs[kind]}${line}${end}`;
}
