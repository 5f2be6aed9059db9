import { declaredNames } from "./adaptors/declared-names.ts";
import { findPackage } from "./adaptors/package-root.ts";
import type { AdaptorExports } from "./compile/add-imports.ts";
import { compileJob } from "./compile/compile-job.ts";
import type { CompileProblem } from "./compile/compile-problem.ts";
import { type Difference, differences } from "./compile/differences.ts";
import type { AdaptorPlaces } from "./messages.ts";

/** What is to be said of one job. */
export interface JobCheck {
  /** Why it does not compile. */
  readonly problem?: CompileProblem;
  /** What OpenFn's compiler does otherwise with it; empty where it does not compile. */
  readonly differences: readonly Difference[];
}

/**
 * Compiles a job and runs nothing of it. Adaptors that are not in the repo dir are taken to
 * export whatever the job uses.
 */
export function checkJob(
  source: string,
  adaptors: readonly string[],
  places?: AdaptorPlaces,
): JobCheck {
  const exports = adaptors.map((adaptor) => exportsOf(adaptor, places));
  const result = compileJob(source, exports);
  if ("problem" in result) return { problem: result.problem, differences: [] };
  return { differences: differences(source, exports) };
}

function exportsOf(adaptor: string, places: AdaptorPlaces | undefined): AdaptorExports {
  const at = adaptor.lastIndexOf("@");
  const specifier = at > 0 ? adaptor.slice(0, at) : adaptor;
  const found = places && findPackage(adaptor, places);
  const names = found && declaredNames(found);
  return names === undefined ? { specifier } : { specifier, names };
}

export type { CompileProblem, Difference };
