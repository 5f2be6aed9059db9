import { compilerVersion } from "../compile/compiler-version.ts";
import type { ExecutionPlan } from "../engine.ts";

/** Put in by the bundle, see scripts/bundle.mjs. */
declare const RUNTIME_VERSION: string;
declare const ENGINE_VERSION: string;

/** What executes a plan: Node, our parts, and the adaptors with every version of them. */
export function versionsOf(plan: ExecutionPlan): Record<string, string | string[]> {
  const adaptors = new Map<string, Set<string>>();
  for (const adaptor of plan.steps.flatMap((step) => step.adaptors ?? [])) {
    const at = adaptor.lastIndexOf("@");
    if (at <= 0) continue;
    const name = adaptor.slice(0, at);
    adaptors.set(name, (adaptors.get(name) ?? new Set()).add(adaptor.slice(at + 1)));
  }
  return {
    node: process.versions.node,
    engine: ENGINE_VERSION,
    compiler: compilerVersion,
    runtime: RUNTIME_VERSION,
    ...Object.fromEntries([...adaptors].map(([name, versions]) => [name, [...versions]])),
  };
}
