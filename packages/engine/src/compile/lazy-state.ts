import type { AnyNode, CallExpression, Identifier } from "acorn";
import { type CompileProblem, problemAt } from "./compile-problem.ts";
import type { Draft } from "./draft.ts";
import { languageGlobals } from "./language-globals.ts";
import { isTopLevelObject } from "./promise-chains.ts";

/**
 * Rewrites `$` to the state that an operation is given: `op($.a, { b: $.c })` becomes
 * `op(state => state.a, state => ({ b: state.c }))`. The argument of the nearest call that can
 * be an operation is wrapped, whole and once.
 */
export function lazyState(draft: Draft): CompileProblem | undefined {
  const wrapped = new Set<AnyNode>();
  for (const node of draft.tree.nodes) {
    if (node.type !== "Identifier" || !isLazy(node, draft)) continue;
    draft.edits.update(node.start, node.end, "state");
    const problem = wrap(node, draft, wrapped);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** `$` as the object of a member, where no inner scope declares it. A bare `$` is the user's. */
function isLazy(node: Identifier, { tree, scopes }: Draft): boolean {
  if (node.name !== "$") return false;
  const parent = tree.parentOf(node);
  if (parent?.type !== "MemberExpression" || parent.object !== node) return false;
  return !scopes.declaredInside(node, "$") && !insideTopLevelObject(node, tree.parentOf);
}

/** True below an object literal that a top-level variable starts with. */
export function insideTopLevelObject(node: AnyNode, parentOf: Draft["tree"]["parentOf"]): boolean {
  let child = node;
  for (let at = parentOf(node); at !== undefined; at = parentOf(at)) {
    if (isTopLevelObject(child, at, parentOf(parentOf(at) ?? at))) return true;
    child = at;
  }
  return false;
}

const outside =
  "`$` is the state of an operation and stands only in an operation's arguments. Inside a function use its parameter, as in `fn(state => { … state.data … })`.";

function wrap(node: Identifier, draft: Draft, wrapped: Set<AnyNode>): CompileProblem | undefined {
  const { tree, edits } = draft;
  let child: AnyNode = node;
  for (let at = tree.parentOf(node); at !== undefined; at = tree.parentOf(at)) {
    if (/Statement$|Declaration$|^Program$|^ClassBody$/.test(at.type)) break;
    if (at.type === "CallExpression" && at.callee !== child && canBeOperation(at, draft)) {
      if (wrapped.has(child)) return undefined;
      wrapped.add(child);
      if (child.type === "ArrowFunctionExpression") return checkArrow(child);
      if (child.type === "SpreadElement")
        return problemAt(child, "A spread argument cannot wait for the state: name its items.");
      const grouped = child.type === "ObjectExpression" || child.type === "SequenceExpression";
      edits.prependRight(child.start, grouped ? "state => (" : "state => ");
      if (grouped) edits.appendLeft(child.end, ")");
      return undefined;
    }
    child = at;
  }
  return problemAt(node, outside);
}

function checkArrow(
  arrow: AnyNode & { type: "ArrowFunctionExpression" },
): CompileProblem | undefined {
  const [parameter, ...others] = arrow.params;
  if (parameter?.type === "Identifier" && parameter.name === "state" && others.length === 0)
    return undefined;
  return problemAt(
    arrow,
    "`$` inside an arrow function needs its only parameter to be called `state`: write `state => …`, or use the parameter instead of `$`.",
  );
}

/**
 * A method of the state, of a literal or of a global (`$.list.includes(…)`, `String(…)`)
 * works on values: what is lazy in it is wrapped further out.
 */
function canBeOperation(call: CallExpression, { scopes }: Draft): boolean {
  let root: AnyNode = call.callee;
  for (;;) {
    if (root.type === "MemberExpression") root = root.object;
    else if (root.type === "ChainExpression") root = root.expression;
    else if (root.type === "CallExpression" && root !== call.callee) root = root.callee;
    else break;
  }
  if (root.type !== "Identifier")
    return !/Literal|ArrayExpression|ObjectExpression/.test(root.type);
  if (root.name === "$") return false;
  return !languageGlobals.has(root.name) || scopes.declaredAround(call, root.name);
}
