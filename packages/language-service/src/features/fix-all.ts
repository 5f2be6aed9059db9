import type { Finding } from "../finding.ts";
import type { Edit } from "../region.ts";

/** Edits of several files, by URI; those of one file do not overlap and stand in order. */
export type FileEdits = ReadonlyMap<string, readonly Edit[]>;

/**
 * The fixes that may be applied unasked, since each process goes on receiving what was meant:
 * the first such fix of each finding, leaving out what overlaps with one before it.
 */
export function fixAll(findings: readonly Finding[]): FileEdits {
  return gather(
    findings.flatMap(({ fixes }) => fixes.find(({ meaning }) => meaning === "keeps") ?? []),
  );
}

/** Edits of several fixes together; a fix of which one edit meets an earlier one is left out whole. */
export function gather(
  fixes: readonly { readonly uri: string; readonly edits: readonly Edit[] }[],
): FileEdits {
  const all = new Map<string, Edit[]>();
  for (const { uri, edits } of fixes) {
    const list = all.get(uri) ?? [];
    if (edits.some((edit) => list.some((other) => meet(edit, other)))) continue;
    list.push(...edits);
    all.set(uri, list);
  }
  for (const list of all.values()) list.sort((a, b) => a.span.start - b.span.start);
  return all;
}

function meet({ span: a }: Edit, { span: b }: Edit): boolean {
  return a.start <= b.end && b.start <= a.end;
}
