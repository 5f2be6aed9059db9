import type { AnyNode, Identifier, Pattern } from "acorn";
import type { SyntaxTree } from "./syntax-tree.ts";

/** Which names are declared where. The program is the outermost scope. */
export interface Scopes {
  /** True where a scope between `node` and the top declares `name`. */
  declaredAround(node: AnyNode, name: string): boolean;
  /** The same, the top's own declarations left out. */
  declaredInside(node: AnyNode, name: string): boolean;
  /** Every name that is declared anywhere in the job. */
  readonly allNames: ReadonlySet<string>;
}

export function scopesOf(tree: SyntaxTree): Scopes {
  const names = new Map<AnyNode, Set<string>>();
  const allNames = new Set<string>();
  const declare = (scope: AnyNode, identifiers: readonly Identifier[]) => {
    const declared = names.get(scope) ?? new Set();
    for (const { name } of identifiers) {
      declared.add(name);
      allNames.add(name);
    }
    names.set(scope, declared);
  };
  for (const node of tree.nodes) {
    for (const { scope, identifiers } of declarationsOf(node, tree)) declare(scope, identifiers);
  }
  const declared = (node: AnyNode, name: string, skipTop: boolean): boolean => {
    for (let at: AnyNode | undefined = node; at !== undefined; at = tree.parentOf(at)) {
      if (skipTop && at.type === "Program") return false;
      if (names.get(at)?.has(name)) return true;
    }
    return false;
  };
  return {
    declaredAround: (node, name) => declared(node, name, false),
    declaredInside: (node, name) => declared(node, name, true),
    allNames,
  };
}

interface Declarations {
  readonly scope: AnyNode;
  readonly identifiers: readonly Identifier[];
}

function declarationsOf(node: AnyNode, tree: SyntaxTree): Declarations[] {
  switch (node.type) {
    case "VariableDeclaration": {
      const scope = enclosingScope(node, tree, node.kind === "var");
      return [{ scope, identifiers: node.declarations.flatMap(({ id }) => boundNames(id)) }];
    }
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression": {
      const inside = { scope: node, identifiers: node.params.flatMap(boundNames) };
      if (node.type === "ArrowFunctionExpression" || node.id == null) return [inside];
      // A declaration's name is seen around it, an expression's only inside.
      const scope = node.type === "FunctionDeclaration" ? enclosingScope(node, tree, false) : node;
      return [inside, { scope, identifiers: [node.id] }];
    }
    case "ClassDeclaration":
    case "ClassExpression": {
      if (node.id == null) return [];
      const scope = node.type === "ClassDeclaration" ? enclosingScope(node, tree, false) : node;
      return [{ scope, identifiers: [node.id] }];
    }
    case "CatchClause":
      return node.param == null ? [] : [{ scope: node, identifiers: boundNames(node.param) }];
    case "ImportSpecifier":
    case "ImportDefaultSpecifier":
    case "ImportNamespaceSpecifier":
      return [{ scope: tree.program, identifiers: [node.local] }];
    default:
      return [];
  }
}

const functionScopes = new Set([
  "Program",
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression",
  "StaticBlock",
]);
const blockScopes = new Set([
  ...functionScopes,
  "BlockStatement",
  "ForStatement",
  "ForInStatement",
  "ForOfStatement",
  "SwitchStatement",
]);

function enclosingScope(node: AnyNode, tree: SyntaxTree, hoisted: boolean): AnyNode {
  const kinds = hoisted ? functionScopes : blockScopes;
  for (let at = tree.parentOf(node); at !== undefined; at = tree.parentOf(at)) {
    if (kinds.has(at.type)) return at;
  }
  return tree.program;
}

/** The identifiers that a pattern binds. */
export function boundNames(pattern: Pattern | AnyNode): Identifier[] {
  const names: Identifier[] = [];
  const stack: (AnyNode | null)[] = [pattern as AnyNode];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (at === null) continue;
    if (at.type === "Identifier") names.push(at);
    else if (at.type === "AssignmentPattern") stack.push(at.left as AnyNode);
    else if (at.type === "RestElement") stack.push(at.argument as AnyNode);
    else if (at.type === "ArrayPattern") stack.push(...(at.elements as (AnyNode | null)[]));
    else if (at.type === "ObjectPattern")
      for (const property of at.properties)
        stack.push((property.type === "Property" ? property.value : property) as AnyNode);
  }
  return names;
}
