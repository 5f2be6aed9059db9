import { applyEdits, check, type Diagnostic, fixes, parse, type Settings } from "@workloops/parser";
import { expect } from "vitest";

/**
 * Compares all that is found in a value with a picture: the value in its first line, and below
 * it for each problem a line of carets and the code.
 *
 *     fast_lane:1 manual>*
 *                 ^^^^^^^^ capacity-missing
 *
 * Hints are compared where the picture has one, so that the other pictures need not repeat
 * them. `·` stands for a no-break space, `¶` for a line end and `∅` for a text without any.
 */
export function expectPicture(picture: string, settings: Settings = {}): void {
  const lines = trimmed(picture);
  const text = textOf(lines[0] ?? "");
  const problems = problemsOf(text, settings);
  const withHints = / (fast-lane-not-preferred|strict-chain-order)$/m.test(lines.join("\n"));
  const shown = problems.filter(({ severity }) => withHints || severity !== "hint");
  const drawn = shown.map(({ code, span }) => {
    return `${" ".repeat(span.start)}${"^".repeat(Math.max(1, span.end - span.start))} ${code}`;
  });
  expect([lines[0], ...drawn].join("\n")).toBe(lines.join("\n"));
}

/** What each fix of the first problem of a code makes of the text, by its title. */
export function fixed(code: string, text: string, settings: Settings = {}): Record<string, string> {
  const problem = problemsOf(text, settings).find((candidate) => candidate.code === code);
  if (problem === undefined) throw new Error(`${text} has no ${code}`);
  return Object.fromEntries(
    fixes(text, problem).map((fix) => {
      return [`${fix.title} (${fix.meaning})`, applyEdits(text, fix.edits)];
    }),
  );
}

/** The problem of a code in a text, for its data and its sentence. */
export function problemOf(code: string, text: string, settings: Settings = {}): Diagnostic {
  const found = problemsOf(text, settings).find((problem) => problem.code === code);
  if (found === undefined) throw new Error(`${text} has no ${code}`);
  return found;
}

function problemsOf(text: string, settings: Settings): Diagnostic[] {
  const { tree, diagnostics } = parse(text);
  const all = [...diagnostics, ...check(tree, settings)];
  return all.sort((a, b) => a.span.start - b.span.start);
}

/** The lines without the indentation that they share and the blank ones around them. */
function trimmed(picture: string): string[] {
  const lines = picture.replace(/^\n|\n\s*$/g, "").split("\n");
  const indent = Math.min(...lines.map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(indent));
}

function textOf(line: string): string {
  return line.replace("∅", "").replaceAll("·", "\u00a0").replaceAll("¶", "\n");
}
