import type { AnyNode, CallExpression, MemberExpression } from "acorn";
import type { Draft } from "./draft.ts";
import type { SyntaxTree } from "./syntax-tree.ts";

/**
 * The local name of `defer`. Fixed, because jobs are known to see it: one that declares the
 * same name at its top is refused by JavaScript, as it is by OpenFn.
 */
export const deferName = "_defer";

/**
 * The operation at the bottom of a chain of `.then(…)` and `.catch(…)`: the call that the
 * first link is attached to. `undefined` where there is no link, or no call below the links
 * (`x.then(4)` calls a method of an object and is no promise chain).
 */
export function baseOperation(call: CallExpression): CallExpression | undefined {
  let at: AnyNode = call;
  let links = 0;
  while (at.type === "CallExpression" && isLink(at)) {
    at = (at.callee as MemberExpression).object;
    links += 1;
  }
  return links > 0 && at.type === "CallExpression" ? at : undefined;
}

/** True for `….then(…)` and `….catch(…)`. */
export function isLink(call: CallExpression): boolean {
  const { callee } = call;
  return (
    callee.type === "MemberExpression" &&
    !callee.computed &&
    !callee.optional &&
    callee.property.type === "Identifier" &&
    (callee.property.name === "then" || callee.property.name === "catch")
  );
}

/**
 * Rewrites `operation(…).then(f).catch(g)` to `_defer(operation(…), p => p.then(f).catch(g))`,
 * so that the links wait for what the operation gives when it runs. A first `.catch(f)` becomes
 * the third argument, because it also gets the state.
 *
 * True where there was a chain: the caller then imports `defer`.
 */
export function promiseChains(draft: Draft): boolean {
  const chains = draft.tree.nodes.filter(
    (node): node is CallExpression =>
      node.type === "CallExpression" &&
      isTopOfChain(node, draft) &&
      baseOperation(node) !== undefined &&
      runsAtLoad(node, draft.tree),
  );
  if (chains.length === 0) return false;
  const promise = freshName("p", draft);
  for (const chain of chains) rewrite(chain, draft, promise);
  return true;
}

function isTopOfChain(call: CallExpression, { tree }: Draft): boolean {
  const member = tree.parentOf(call);
  if (member?.type !== "MemberExpression" || member.object !== call) return isLink(call);
  const outer = tree.parentOf(member);
  const continues = outer?.type === "CallExpression" && outer.callee === member && isLink(outer);
  return !continues && isLink(call);
}

const laterCode = new Set([
  "ArrowFunctionExpression",
  "FunctionDeclaration",
  "FunctionExpression",
  "BlockStatement",
  "ClassBody",
]);

/** True where nothing above delays the chain, and it is not inside a top-level object literal. */
export function runsAtLoad(node: AnyNode, tree: SyntaxTree): boolean {
  let child: AnyNode = node;
  for (let at = tree.parentOf(node); at !== undefined; at = tree.parentOf(at)) {
    if (laterCode.has(at.type)) return false;
    if (isTopLevelObject(child, at, tree.parentOf(tree.parentOf(at) ?? at))) return false;
    child = at;
  }
  return true;
}

/** The initialiser of `const x = { … }` at the top is left as it is, as OpenFn's compiler does. */
export function isTopLevelObject(
  node: AnyNode,
  parent: AnyNode,
  grandParent: AnyNode | undefined,
): boolean {
  return (
    node.type === "ObjectExpression" &&
    parent.type === "VariableDeclarator" &&
    parent.init === node &&
    (grandParent?.type === "Program" || grandParent?.type === "ExportNamedDeclaration")
  );
}

function rewrite(chain: CallExpression, { edits }: Draft, promise: string): void {
  const links: CallExpression[] = [];
  let at: AnyNode = chain;
  while (at.type === "CallExpression" && isLink(at)) {
    links.unshift(at);
    at = (at.callee as MemberExpression).object;
  }
  const [first, ...rest] = links;
  if (first === undefined) return;
  const member = first.callee as MemberExpression;
  const operationEnd = member.object.end;
  const handler = first.arguments[0];
  edits.appendRight(chain.start, `${deferName}(`);
  if ((member.property as { name?: string }).name !== "catch" || handler === undefined) {
    edits.appendLeft(operationEnd, `, ${promise} => ${promise}`).appendLeft(chain.end, ")");
    return;
  }
  // The handler moves behind the links, right before the last parenthesis, which then closes
  // the call of `defer`: a later move of the whole chain must find its text at both ends.
  const last = chain.end - 1;
  edits.appendLeft(operationEnd, rest.length > 0 ? `, ${promise} => ${promise}` : ", undefined");
  edits.remove(operationEnd, handler.start);
  if (rest.length > 0) {
    edits.remove(handler.end, first.end);
    edits.prependRight(handler.start, "), ").move(handler.start, handler.end, last);
  } else {
    edits.prependRight(handler.start, ", ");
    if (handler.end < last) edits.remove(handler.end, last);
  }
}

/** `wanted`, or with a number behind it where the job uses that name. */
function freshName(wanted: string, { tree, scopes }: Draft): string {
  const used = new Set(scopes.allNames);
  for (const node of tree.nodes) if (node.type === "Identifier") used.add(node.name);
  for (let n = 0; ; n += 1) {
    const name = n === 0 ? wanted : `${wanted}${n}`;
    if (!used.has(name)) return name;
  }
}
