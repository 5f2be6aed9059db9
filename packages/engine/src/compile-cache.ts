import { createHash } from "node:crypto";
import { compilerVersion } from "./compile/compiler-version.ts";
import type { ExecutionPlan, PlanStep } from "./engine.ts";

const maxCharacters = 32 * 1024 * 1024;

/** Compiled jobs by step id, as JSON texts that only children read. */
export type CompiledTexts = Readonly<Record<string, string>>;

/** Compiled jobs, kept for the next run of the same plan. */
export interface CompileCache {
  /** What is known of a plan's steps. */
  find(plan: ExecutionPlan): CompiledTexts;
  /** Keeps what a child compiled; `imported` is what it had loaded before it got the plan. */
  keep(plan: ExecutionPlan, compiled: CompiledTexts, imported: readonly string[]): void;
}

/**
 * A result is known by the job's source, its adaptors' versions and the compiler's. It is kept
 * only where no adaptor but the job's own can have run in the child before: one that tampered
 * with the compiler could else reach jobs that do not use it.
 */
export function createCompileCache(limitCharacters = maxCharacters): CompileCache {
  // In order of use: a Map keeps insertion order, and a text that is used is put in again.
  const texts = new Map<string, string>();
  let held = 0;
  const drop = (key: string): void => {
    held -= texts.get(key)?.length ?? 0;
    texts.delete(key);
  };
  return {
    find(plan) {
      const found: Record<string, string> = {};
      for (const step of plan.steps) {
        const key = keyOf(step);
        const text = key === undefined ? undefined : texts.get(key);
        if (key === undefined || text === undefined) continue;
        texts.delete(key);
        texts.set(key, text);
        found[step.id] = text;
      }
      return found;
    },
    keep(plan, compiled, imported) {
      const mayHaveRun = [...imported, ...plan.steps.flatMap(({ adaptors }) => adaptors ?? [])];
      for (const step of plan.steps) {
        const text = Object.hasOwn(compiled, step.id) ? compiled[step.id] : undefined;
        const key = keyOf(step);
        const own = step.adaptors ?? [];
        if (text === undefined || key === undefined || text.length > limitCharacters) continue;
        if (!mayHaveRun.every((adaptor) => own.includes(adaptor))) continue;
        drop(key);
        texts.set(key, text);
        held += text.length;
        for (const [oldest] of texts) {
          if (held <= limitCharacters) break;
          drop(oldest);
        }
      }
    },
  };
}

/** `undefined` where the adaptor's files may change under the same version, or there is no job. */
function keyOf({ expression, adaptors = [] }: PlanStep): string | undefined {
  if (!expression || adaptors.some((adaptor) => adaptor.endsWith("@local"))) return undefined;
  return createHash("sha256")
    .update(JSON.stringify([compilerVersion, adaptors, expression]))
    .digest("base64");
}
