import type { AdaptorExports } from "../compile/add-imports.ts";
import { compileJob } from "../compile/compile-job.ts";
import { describeProblem } from "../compile/compile-problem.ts";
import type { SourcePositions } from "../compile/source-positions.ts";
import type { PlanStep } from "../engine.ts";
import type { ModuleLoader } from "./module-loader.ts";

/** A step as `@openfn/runtime` takes it. */
export interface CompiledStep extends Omit<PlanStep, "next" | "adaptors"> {
  readonly adaptors: string[];
  readonly next?: Readonly<Record<string, boolean | { condition?: string; disabled?: boolean }>>;
  /** Stands in for a source map, see `SourceMapConsumer`. */
  readonly sourceMap?: SourcePositions & { readonly file?: string };
}

/**
 * Compiles every job of a plan, reached or not: one syntax error anywhere ends the run before
 * its first step.
 */
export async function compilePlan(
  steps: readonly PlanStep[],
  loader: ModuleLoader,
): Promise<{ readonly steps: CompiledStep[] } | { readonly problem: string }> {
  const compiled: CompiledStep[] = [];
  for (const step of steps) {
    const adaptors = (step.adaptors ?? []).filter((adaptor) => adaptor !== "");
    const { next, ...rest } = step;
    const base = { ...rest, adaptors, ...(next && { next: edgesOf(next) }) };
    if (!step.expression) {
      compiled.push(base);
      continue;
    }
    const exports = await Promise.all(adaptors.map((adaptor) => exportsOf(adaptor, loader)));
    const result = compileJob(step.expression, exports);
    if ("problem" in result)
      return { problem: describeProblem(step.name ?? step.id, result.problem) };
    // The runtime asks for the source by the job's name, and shows it only where there is one.
    const file = step.name === undefined ? {} : { file: `${step.name}.js` };
    compiled.push({
      ...base,
      expression: result.code,
      sourceMap: { ...result.positions, ...file },
    });
  }
  return { steps: compiled };
}

async function exportsOf(adaptor: string, loader: ModuleLoader): Promise<AdaptorExports> {
  const at = adaptor.lastIndexOf("@");
  const specifier = at > 0 ? adaptor.slice(0, at) : adaptor;
  const names = await loader.namesOf(adaptor);
  return names === undefined ? { specifier } : { specifier, names };
}

/** The runtime skips an edge object without a condition; in a plan it is unconditional. */
function edgesOf(next: NonNullable<PlanStep["next"]>): NonNullable<CompiledStep["next"]> {
  return Object.fromEntries(
    Object.entries(next).map(([target, edge]) => {
      if (typeof edge === "boolean") return [target, edge];
      if (edge.disabled || edge.condition !== undefined) return [target, edge];
      return [target, true];
    }),
  );
}
