import type { AnyNode, CallExpression, Literal, Program } from "acorn";
import { type AdaptorExports, freeNames, namesFrom } from "./add-imports.ts";
import { insideTopLevelObject } from "./lazy-state.ts";
import { parseJob } from "./parse-job.ts";
import { baseOperation, isLink, runsAtLoad } from "./promise-chains.ts";
import { scopesOf } from "./scopes.ts";
import { type SyntaxTree, syntaxTree } from "./syntax-tree.ts";

/** Something that OpenFn's compiler (worker 1.25.0) does otherwise with a job. */
export interface Difference {
  readonly message: string;
  /** From 1. */
  readonly line: number;
  /** From 0. */
  readonly column: number;
}

interface Finding {
  readonly node: AnyNode;
  readonly message: string;
}

/**
 * What OpenFn's compiler would do otherwise with a job that ours compiles, in source order.
 * Empty for a job that does not compile: both refuse it.
 */
export function differences(
  source: string,
  adaptors: readonly AdaptorExports[] = [],
): Difference[] {
  const parsed = parseJob(source);
  if ("problem" in parsed) return [];
  const tree = syntaxTree(parsed.program);
  const found = [
    ...wholeSource(source, parsed.program),
    ...unseenNames(tree, adaptors),
    ...tree.nodes.flatMap((node) => [
      ...newerSyntax(node, source),
      ...chain(node, tree),
      ...lazyCall(node, tree),
    ]),
  ];
  return found
    .map(({ node, message }) => {
      const { line, column } = node.loc?.start ?? { line: 1, column: 0 };
      return { message, line, column };
    })
    .sort((a, b) => a.line - b.line || a.column - b.column);
}

function wholeSource(source: string, program: Program): Finding[] {
  const found: Finding[] = [];
  const told = (message: string) => found.push({ node: program, message });
  if (!/[\r\n]/.test(source) && /(ts|js|json|jso|jsn|ojs)$/.test(source))
    told("OpenFn takes this one line for a file name because of how it ends, and refuses the job.");
  if (source.startsWith("#!")) told(refused("a hashbang"));
  const exported = program.body.some(
    (statement) =>
      statement.type === "ExportNamedDeclaration" &&
      statement.specifiers.some(({ exported: name }) => "name" in name && name.name === "default"),
  );
  if (exported) told("OpenFn does not see `as default` and adds a second default export: a crash.");
  return found;
}

/** Names of an adaptor that OpenFn does not find where they stand, and so does not import. */
function unseenNames(tree: SyntaxTree, adaptors: readonly AdaptorExports[]): Finding[] {
  const free = freeNames({ tree, scopes: scopesOf(tree) });
  const unseen = (node: AnyNode): boolean => {
    const parent = tree.parentOf(node);
    const isNamesake =
      parent?.type === "Property" &&
      !parent.computed &&
      parent.key.type === "Identifier" &&
      "name" in node &&
      parent.key.name === node.name;
    return isNamesake || insideTopLevelObject(node, tree.parentOf);
  };
  return adaptors.flatMap(({ names }) =>
    namesFrom(free, names).flatMap((name) => {
      const [node, ...others] = free.get(name) ?? [];
      if (node === undefined || ![node, ...others].every(unseen)) return [];
      const message = `OpenFn does not see \`${name}\` here and does not import it: a ReferenceError.`;
      return [{ node, message }];
    }),
  );
}

const refused = (what: string): string => `OpenFn's compiler refuses ${what}.`;

function newerSyntax(node: AnyNode, source: string): Finding[] {
  const what = newerForm(node, source);
  return what === undefined ? [] : [{ node, message: refused(what) }];
}

function newerForm(node: AnyNode, source: string): string | undefined {
  switch (node.type) {
    case "Literal":
      return newerLiteral(node, source.slice(node.start, node.end));
    case "PrivateIdentifier":
      return "private names (`#x`)";
    case "PropertyDefinition":
      return node.key.type === "PrivateIdentifier" ? undefined : "class fields";
    case "StaticBlock":
      return "static blocks";
    case "CatchClause":
      return node.param == null ? "`catch` without a parameter" : undefined;
    default:
      return undefined;
  }
}

function newerLiteral(literal: Literal, text: string): string | undefined {
  if (literal.bigint != null) return "BigInt literals";
  if (typeof literal.value === "number" && text.includes("_")) return "numeric separators";
  if (literal.regex?.flags.includes("v")) return "the regular expression flag `v`";
  if (typeof literal.value === "string" && /[\u2028\u2029]/.test(text))
    return "a bare U+2028 or U+2029 in a string";
  return undefined;
}

function chain(node: AnyNode, tree: SyntaxTree): Finding[] {
  if (node.type !== "CallExpression" || !isLink(node) || !runsAtLoad(node, tree)) return [];
  const base = baseOperation(node);
  if (base === undefined)
    return [
      {
        node,
        message:
          "OpenFn's compiler does not end on a method called `then` or `catch` of something that is not called.",
      },
    ];
  const found: Finding[] = [];
  if (mentions(node, base, "p"))
    found.push({ node, message: "In OpenFn's compiled chain your `p` is the promise." });
  const ownImport = tree.program.body.find(
    (statement) =>
      statement.type === "ImportDeclaration" && statement.source.value === "@openfn/runtime",
  );
  if (ownImport !== undefined)
    found.push({
      node: ownImport,
      message:
        "OpenFn adds no import for the chains of a job that itself imports from @openfn/runtime: a crash.",
    });
  return found;
}

/** True where the links of a chain, its operation left out, read a variable of this name. */
function mentions(chainEnd: CallExpression, base: CallExpression, name: string): boolean {
  const inner = syntaxTree(chainEnd as unknown as Program);
  const scopes = scopesOf(inner);
  return inner.nodes.some(
    (node) =>
      node.type === "Identifier" &&
      node.name === name &&
      (node.start < base.start || node.start >= base.end) &&
      inner.parentOf(node)?.type !== "MemberExpression" &&
      !scopes.declaredAround(node, name),
  );
}

function lazyCall(node: AnyNode, tree: SyntaxTree): Finding[] {
  if (node.type !== "Identifier" || node.name !== "$") return [];
  const member = tree.parentOf(node);
  if (member?.type !== "MemberExpression" || member.object !== node) return [];
  if (insideTopLevelObject(node, tree.parentOf)) return [];
  let child: AnyNode = node;
  for (let at = tree.parentOf(node); at !== undefined; at = tree.parentOf(at)) {
    if (at.type === "CallExpression") return valueCall(at, child, node);
    child = at;
  }
  return [];
}

/** The nearest call is a method or a function of the language: OpenFn wraps inside of it. */
function valueCall(call: CallExpression, child: AnyNode, dollar: AnyNode): Finding[] {
  const { callee } = call;
  const isMethod = callee === child && callee.type === "MemberExpression";
  const isPlain =
    callee.type === "Identifier" &&
    /^(String|Number|Boolean|parseInt|parseFloat)$/.test(callee.name);
  if (!isMethod && !isPlain) return [];
  return [
    {
      node: dollar,
      message:
        "OpenFn wraps only what is inside of this call, which then gets a function in place of the value.",
    },
  ];
}
