import { applyEdits, type Diagnostic, fixes } from "@workloops/parser";
import type { FileFix } from "../finding.ts";
import type { Value } from "../region.ts";

/** The fixes of a problem of a value, written in the quoting of its place. */
export function fixesIn(value: Value, problem: Diagnostic): FileFix[] {
  return fixes(value.text, problem).flatMap((fix): FileFix[] => {
    const edit = value.write(applyEdits(value.text, fix.edits));
    if (edit === undefined) return [];
    return [{ title: fix.title, meaning: fix.meaning, uri: value.uri, edits: [edit] }];
  });
}
