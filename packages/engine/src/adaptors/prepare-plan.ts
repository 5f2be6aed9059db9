import type { ExecutionPlan, RunError } from "../engine.ts";
import type { Installer } from "./installer.ts";
import { readSpecifier } from "./specifier.ts";

export type PreparedPlan =
  | {
      readonly plan: ExecutionPlan;
      /** Adaptors that no package manager is asked for. */
      readonly skipped: readonly string[];
    }
  | { readonly error: RunError };

/**
 * Gives a plan whose adaptors are installed and named by exact versions. Credentials are the
 * caller's to load: one that is still a name ends the run before it begins. An adaptor whose name is
 * none stays as it is, and its job fails where it uses it.
 */
export async function preparePlan(
  plan: ExecutionPlan,
  installer: Installer,
): Promise<PreparedPlan> {
  const unresolved = plan.steps.find(({ configuration }) => typeof configuration === "string");
  if (unresolved !== undefined) {
    const message = `The credential "${unresolved.configuration}" of step "${unresolved.name ?? unresolved.id}" was not loaded.`;
    return { error: { reason: "exception", type: "CredentialLoadError", message } };
  }
  const wanted = [...new Set(plan.steps.flatMap(({ adaptors }) => adaptors ?? []))];
  const exact = new Map<string, string>();
  const skipped: string[] = [];
  const problems = await Promise.all(
    wanted.map(async (text) => {
      const specifier = readSpecifier(text);
      if (specifier === undefined) {
        if (text !== "") skipped.push(text);
        return undefined;
      }
      if (specifier.version === "local") return undefined;
      const result = await ensureExact(specifier.name, specifier.version ?? "latest", installer);
      if ("problem" in result) return `${text}: ${result.problem}`;
      exact.set(text, `${specifier.name}@${result.version}`);
      return undefined;
    }),
  );
  const failed = problems.filter((problem) => problem !== undefined);
  if (failed.length > 0) {
    const message = `An adaptor could not be installed. ${failed.join("; ")}`;
    return { error: { reason: "exception", type: "AutoinstallError", message } };
  }
  const steps = plan.steps.map((step) =>
    step.adaptors === undefined
      ? step
      : { ...step, adaptors: step.adaptors.map((text) => exact.get(text) ?? text) },
  );
  return { plan: { ...plan, steps }, skipped };
}

async function ensureExact(
  name: string,
  version: string,
  installer: Installer,
): Promise<{ readonly version: string } | { readonly problem: string }> {
  let exact = version;
  if (version === "latest" || version === "next") {
    const found = await installer.resolveTag(name, version);
    if ("problem" in found) return found;
    exact = found.version;
  }
  const problem = await installer.ensure(name, exact);
  return problem === undefined ? { version: exact } : { problem };
}
