import type { AdaptorExports } from "../compile/add-imports.ts";
import { type CompiledJob, compileJob } from "../compile/compile-job.ts";
import { describeProblem } from "../compile/compile-problem.ts";
import type { SourcePositions } from "../compile/source-positions.ts";
import type { CompiledTexts } from "../compile-cache.ts";
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
  known: CompiledTexts,
): Promise<
  { readonly steps: CompiledStep[]; readonly fresh: CompiledTexts } | { readonly problem: string }
> {
  const compiled: CompiledStep[] = [];
  const fresh: Record<string, string> = {};
  for (const step of steps) {
    const adaptors = (step.adaptors ?? []).filter((adaptor) => adaptor !== "");
    const { next, ...rest } = step;
    const base = { ...rest, adaptors, ...(next && { next: edgesOf(next) }) };
    if (!step.expression) {
      compiled.push(base);
      continue;
    }
    const result = knownJob(known[step.id]) ?? (await compile(step.expression, adaptors, loader));
    if ("problem" in result)
      return { problem: describeProblem(step.name ?? step.id, result.problem) };
    if (known[step.id] === undefined) fresh[step.id] = JSON.stringify(result);
    // The runtime asks for the source by the job's name, and shows it only where there is one.
    const file = step.name === undefined ? {} : { file: `${step.name}.js` };
    compiled.push({
      ...base,
      expression: result.code,
      sourceMap: { ...result.positions, ...file },
    });
  }
  return { steps: compiled, fresh };
}

function knownJob(text: string | undefined): CompiledJob | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as CompiledJob);
}

async function compile(expression: string, adaptors: readonly string[], loader: ModuleLoader) {
  const exports = await Promise.all(adaptors.map((adaptor) => exportsOf(adaptor, loader)));
  return compileJob(expression, exports);
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
