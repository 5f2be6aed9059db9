import type { ArrayExpression, Program } from "acorn";
import type { Draft } from "./draft.ts";

/** Where the operations of a job go: the last statement's own array, or one that is added. */
export function ensureExports({ tree, edits, source }: Draft): void {
  if (hasDefaultExport(tree.program)) return;
  // The draft's text ends in a line feed of ours, so that a last line comment swallows nothing.
  edits.appendLeft(source.length + 1, "export default [");
  edits.append("];\n");
}

/** True also for `export { x as default }`, which a second default export would break. */
export function hasDefaultExport(program: Program): boolean {
  return program.body.some((statement) => {
    if (statement.type === "ExportDefaultDeclaration") return true;
    if (statement.type === "ExportNamedDeclaration")
      return statement.specifiers.some(({ exported }) => exportedName(exported) === "default");
    if (statement.type !== "ExportAllDeclaration" || statement.exported == null) return false;
    return exportedName(statement.exported) === "default";
  });
}

function exportedName(name: { readonly name?: string; readonly value?: unknown }): unknown {
  return name.name ?? name.value;
}

/** The array of a job whose last statement is `export default […]`. */
export function ownOperations(program: Program): ArrayExpression | undefined {
  const last = program.body.at(-1);
  if (last?.type !== "ExportDefaultDeclaration") return undefined;
  return last.declaration.type === "ArrayExpression" ? last.declaration : undefined;
}
