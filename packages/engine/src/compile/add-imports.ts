import type { AnyNode, Identifier } from "acorn";
import type { Draft } from "./draft.ts";
import { languageGlobals } from "./language-globals.ts";
import type { SyntaxTree } from "./syntax-tree.ts";

/** What a step's adaptor offers to its job. */
export interface AdaptorExports {
  /** The package's name, as it stands in the import. */
  readonly specifier: string;
  /** Names that the package declares; absent where they are not known: each free name is then taken from it. */
  readonly names?: readonly string[];
}

/**
 * Imports what the job uses of its adaptors, and exports all of an adaptor that is used, so that
 * its `execute` becomes the job's. An adaptor that is not used is not loaded.
 */
export function addImports(draft: Draft, adaptors: readonly AdaptorExports[]): void {
  if (adaptors.length === 0) return;
  const free = freeNames(draft);
  let lines = "";
  for (const { specifier, names } of adaptors) {
    const used = namesFrom(free, names);
    if (used.length === 0) continue;
    for (const name of used) free.delete(name);
    const from = JSON.stringify(specifier);
    lines += `import { ${used.join(", ")} } from ${from};\nexport * from ${from};\n`;
  }
  draft.edits.prepend(lines);
}

/** Of these names, the ones that an adaptor with such exports gives. */
export function namesFrom(
  free: ReadonlyMap<string, unknown>,
  names: AdaptorExports["names"],
): string[] {
  const offered = names === undefined ? undefined : new Set(names);
  return [...free.keys()].filter((name) =>
    offered === undefined ? !languageGlobals.has(name) : offered.has(name),
  );
}

/** Names that the job reads or writes and does not declare, in order of appearance, and where. */
export function freeNames({ tree, scopes }: Pick<Draft, "tree" | "scopes">) {
  const free = new Map<string, Identifier[]>();
  for (const node of tree.nodes) {
    if (node.type !== "Identifier" || !isReference(node, tree)) continue;
    if (node.name === "undefined" || node.name === "NaN" || node.name === "default") continue;
    if (scopes.declaredAround(node, node.name)) continue;
    free.set(node.name, [...(free.get(node.name) ?? []), node]);
  }
  return free;
}

function isReference(node: Identifier, tree: SyntaxTree): boolean {
  const parent: AnyNode | undefined = tree.parentOf(node);
  switch (parent?.type) {
    case "MemberExpression":
      return parent.object === node || parent.computed;
    case "Property":
    case "MethodDefinition":
    case "PropertyDefinition":
      return parent.value === node || parent.computed;
    case "ExportSpecifier": {
      const statement = tree.parentOf(parent);
      return (
        parent.local === node &&
        statement?.type === "ExportNamedDeclaration" &&
        statement.source == null
      );
    }
    case "ImportSpecifier":
    case "ImportDefaultSpecifier":
    case "ImportNamespaceSpecifier":
    case "ImportAttribute":
    case "ExportAllDeclaration":
    case "LabeledStatement":
    case "BreakStatement":
    case "ContinueStatement":
    case "MetaProperty":
      return false;
    default:
      return true;
  }
}
