import { applyEdits } from "./apply-edits.ts";
import type { Diagnostic, TextCode } from "./diagnostic.ts";
import { type Repair, repair } from "./repair.ts";
import type { Fix, RuleOf } from "./rule.ts";
import { textRules } from "./rules/rules.ts";
import { visible } from "./visible.ts";

/**
 * The ways to end a problem of `parse(text)` or `check`, the best one first: what the rule
 * itself knows, and for an error the cheapest repair of the whole value.
 */
export function fixes(text: string, problem: Diagnostic): readonly Fix[] {
  // The rule of a code takes the problems of that code; the compiler cannot pair the two unions.
  const rule = textRules[problem.code] as RuleOf<TextCode>;
  const own = rule.fixes.flatMap(({ title, meaning, edits }) => {
    const made = edits(text, problem);
    return made.length === 0 ? [] : [{ title, meaning, edits: made }];
  });
  // Nothing is meant by an empty value, so that there is nothing to repair.
  const repairable = problem.severity === "error" && problem.code !== "empty";
  return repairable ? [...own, ...repairs(text, own)] : own;
}

/** The last repair: an editor asks for the fixes of each problem of one text in a row. */
let last: { readonly text: string; readonly repair: Repair | undefined } | undefined;

function repairOnce(text: string): Repair | undefined {
  if (last?.text !== text) last = { text, repair: repair(text) };
  return last.repair;
}

/** The repair, unless a rule's own fix comes to the same text. */
function repairs(text: string, own: readonly Fix[]): readonly Fix[] {
  const repaired = repairOnce(text);
  if (repaired === undefined) return [];
  const known = own.some(({ edits }) => applyEdits(text, edits) === repaired.text);
  if (known) return [];
  // A value over several lines has its comments blanked: in one line it is read at a glance.
  const shown = visible(repaired.text.trim().replace(/\s+/g, " "));
  return [{ title: `Write \`${shown}\``, meaning: "changes", edits: repaired.edits }];
}
