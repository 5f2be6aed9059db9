import type { Diagnostic, TextCode } from "./diagnostic.ts";
import type { Fix, RuleOf } from "./rule.ts";
import { textRules } from "./rules/rules.ts";

/** The ways to end a problem of `parse(text)` or `check`, the best one first. */
export function fixes(text: string, problem: Diagnostic): readonly Fix[] {
  // The rule of a code takes the problems of that code; the compiler cannot pair the two unions.
  const rule = textRules[problem.code] as RuleOf<TextCode>;
  return rule.fixes.flatMap(({ title, meaning, edits }) => {
    const made = edits(text, problem);
    return made.length === 0 ? [] : [{ title, meaning, edits: made }];
  });
}

/** The text after a fix. */
export function applyFix(text: string, fix: Pick<Fix, "edits">): string {
  let result = "";
  let at = 0;
  for (const { span, text: replacement } of fix.edits) {
    result += text.slice(at, span.start) + replacement;
    at = span.end;
  }
  return result + text.slice(at);
}
