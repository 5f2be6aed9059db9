import type { ExecutionPlan } from "../engine.ts";
import { readSpecifier } from "./specifier.ts";

/**
 * What the jobs of a plan may load of what is installed, sorted: the adaptors of its steps, and
 * packages of OpenFn that a job imports by itself, as the job names them.
 */
export function neededPackages(plan: ExecutionPlan): string[] {
  const needed = new Set<string>();
  for (const { expression = "", adaptors = [] } of plan.steps) {
    for (const adaptor of adaptors) needed.add(adaptor);
    for (const imported of importsIn(expression)) {
      if (!adaptors.some((adaptor) => adaptor.startsWith(`${imported}@`))) needed.add(imported);
    }
  }
  return [...needed].filter((text) => readSpecifier(text) !== undefined && !isOurs(text)).sort();
}

/** Packages of OpenFn that a text imports from, as far as it shows without being parsed. */
export function importsIn(source: string): string[] {
  return [...source.matchAll(/\bfrom\s*["'](@openfn\/[^"']+)["']/g)].map(([, name = ""]) => name);
}

/** The runtime is part of the engine. */
function isOurs(specifier: string): boolean {
  return specifier === "@openfn/runtime";
}
