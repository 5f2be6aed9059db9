import type { Document } from "../document.ts";
import type { Finding } from "../finding.ts";
import { mergedServices } from "../merged-services.ts";
import type { RuleContext } from "../rules/host-rule.ts";
import { languageFindings } from "../rules/language-findings.ts";
import type { Workspace } from "../workspace.ts";

/**
 * What is wrong with a service only because an `include` entry lays several files over each
 * other. None of the files knows of the others, so it is told where they are named.
 */
export async function includeFindings(
  { uri, processes }: Document,
  workspace: Workspace,
  context: RuleContext,
): Promise<Finding[]> {
  // Each service of a file has the same includes.
  const links = (processes[0]?.links ?? []).flatMap((link) =>
    link.kind === "include" && link.paths.length > 1 ? [link] : [],
  );
  const found: Finding[] = [];
  for (const { paths, span } of links) {
    const files = paths.map((path) => workspace.resolve(uri, path));
    for (const service of await mergedServices(files, workspace)) {
      const seen = languageFindings({ ...service, uri, span }, context);
      found.push(
        ...seen.filter(({ related }) => new Set(related.map((place) => place.uri)).size > 1),
      );
    }
  }
  return found;
}
