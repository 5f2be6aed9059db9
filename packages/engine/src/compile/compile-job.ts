import MagicString from "magic-string";
import { type AdaptorExports, addImports } from "./add-imports.ts";
import type { CompileProblem } from "./compile-problem.ts";
import type { Draft } from "./draft.ts";
import { ensureExports } from "./ensure-exports.ts";
import { lazyState } from "./lazy-state.ts";
import { nestedTooDeeply, parseJob } from "./parse-job.ts";
import { deferName, promiseChains } from "./promise-chains.ts";
import { scopesOf } from "./scopes.ts";
import { type SourcePositions, sourcePositions } from "./source-positions.ts";
import { syntaxTree } from "./syntax-tree.ts";
import { topLevelOperations } from "./top-level-operations.ts";

export interface CompiledJob {
  /** An ES module whose default export is the array of operations. */
  readonly code: string;
  readonly positions: SourcePositions;
}

/**
 * Makes a module out of a job's source: lazy state and promise chains rewritten, operations
 * gathered into the default export, used adaptor exports imported. Text that no rule touches
 * stays as it is. Never throws for what a user wrote.
 */
export function compileJob(
  source: string,
  adaptors: readonly AdaptorExports[],
): CompiledJob | { readonly problem: CompileProblem } {
  try {
    return compile(source, adaptors);
  } catch (error) {
    // A tree can be so deep that it is parsed, and not worked on within the call stack.
    if (error instanceof RangeError) return { problem: nestedTooDeeply(1, 0) };
    throw error;
  }
}

function compile(
  source: string,
  adaptors: readonly AdaptorExports[],
): CompiledJob | { readonly problem: CompileProblem } {
  const parsed = parseJob(source);
  if ("problem" in parsed) return parsed;
  const tree = syntaxTree(parsed.program);
  const edits = new MagicString(`${source}\n`);
  const draft: Draft = { source, tree, scopes: scopesOf(tree), edits };
  // A hashbang is only one at the very start, where imports may come to stand.
  if (source.startsWith("#!")) edits.update(0, 2, "//");
  const problem = lazyState(draft);
  if (problem !== undefined) return { problem };
  const chained = promiseChains(draft);
  ensureExports(draft);
  const operations = topLevelOperations(draft);
  addImports(draft, adaptors);
  if (chained) edits.prepend(`import { defer as ${deferName} } from "@openfn/runtime";\n`);
  return { code: edits.toString(), positions: sourcePositions(source, edits, operations) };
}
