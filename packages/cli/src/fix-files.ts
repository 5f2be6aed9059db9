import {
  applyAll,
  type FileEdits,
  type Finding,
  fixAll,
  gather,
} from "@workloops/language-service";
import { type LintInput, type LintOutcome, lint } from "./lint.ts";
import { bestFix } from "./reports/report.ts";

/** A fix may bring a problem to light that another ends; a circle of them ends here. */
const mostPasses = 10;

/** Applies fixes in the overlay until none is left, and lints what came of it. */
export async function fixFiles(input: LintInput, kind: "safe" | "unsafe"): Promise<LintOutcome> {
  let outcome = await lint(input);
  for (let pass = 0; pass < mostPasses; pass += 1) {
    const found = outcome.report.files.flatMap(({ findings }) => findings);
    const edits = editsOf(found, kind);
    if (edits.size === 0) return outcome;
    for (const [path, list] of edits) {
      const now = input.files.read(path);
      if ("text" in now) input.files.put(path, applyAll(now.text, list));
    }
    outcome = await lint(input);
  }
  return outcome;
}

export function editsOf(findings: readonly Finding[], kind: "safe" | "unsafe"): FileEdits {
  if (kind === "safe") return fixAll(findings);
  return gather(findings.flatMap((finding) => bestFix(finding) ?? []));
}
