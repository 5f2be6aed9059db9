import type { Configuration } from "./ast.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { collect } from "./parse.ts";
import { queueUnknown } from "./rules/queue-unknown.ts";
import type { Settings } from "./settings.ts";

/** The findings of the rules that need settings, over a tree of `parse`. Broken groups are left out. */
export function check(tree: Configuration, settings: Settings = {}): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  collect(queueUnknown, tree, settings, diagnostics);
  return diagnostics;
}
