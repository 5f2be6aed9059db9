import { readFileSync } from "node:fs";
import { type AnyNode, parse } from "acorn";
import { boundNames } from "../compile/scopes.ts";

/**
 * The names that a file exports, found without running it; `undefined` where it takes all of
 * another module's, or cannot be read as an ES module.
 */
export function exportedNames(path: string): string[] | undefined {
  const names: string[] = [];
  try {
    const { body } = parse(readFileSync(path, "utf8"), {
      ecmaVersion: "latest",
      sourceType: "module",
      allowHashBang: true,
    });
    for (const statement of body) {
      if (statement.type === "ExportDefaultDeclaration") names.push("default");
      if (statement.type === "ExportAllDeclaration") {
        if (statement.exported == null) return undefined;
        names.push(textOf(statement.exported));
      }
      if (statement.type !== "ExportNamedDeclaration") continue;
      names.push(...statement.specifiers.map(({ exported }) => textOf(exported)));
      if (statement.declaration != null) names.push(...declared(statement.declaration));
    }
    return names;
  } catch {
    return undefined;
  }
}

function textOf(name: { readonly name?: string; readonly value?: unknown }): string {
  return name.name ?? String(name.value);
}

function declared(declaration: AnyNode): string[] {
  if (declaration.type === "VariableDeclaration")
    return declaration.declarations.flatMap(({ id }) => boundNames(id).map(({ name }) => name));
  return "id" in declaration && declaration.id?.type === "Identifier" ? [declaration.id.name] : [];
}
