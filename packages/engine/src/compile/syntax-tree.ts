import type { AnyNode, Program } from "acorn";

/** A tree with the way up, made once for all transforms of a job. */
export interface SyntaxTree {
  readonly program: Program;
  /** Every node, each before its children, in source order of their parents. */
  readonly nodes: readonly AnyNode[];
  parentOf(node: AnyNode): AnyNode | undefined;
}

/** Walks with a stack of its own: a deep tree must not exhaust the call stack. */
export function syntaxTree(program: Program): SyntaxTree {
  const parents = new Map<AnyNode, AnyNode>();
  const nodes: AnyNode[] = [];
  const stack: AnyNode[] = [program];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    nodes.push(node);
    const children = childrenOf(node);
    for (let i = children.length - 1; i >= 0; i -= 1) {
      const child = children[i];
      if (child === undefined) continue;
      parents.set(child, node);
      stack.push(child);
    }
  }
  return { program, nodes, parentOf: (node) => parents.get(node) };
}

/** The nodes right below `node`, in the order of its properties. */
function childrenOf(node: AnyNode): AnyNode[] {
  const children: AnyNode[] = [];
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) children.push(item);
    } else if (isNode(value)) {
      children.push(value);
    }
  }
  return children;
}

function isNode(value: unknown): value is AnyNode {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { type?: unknown }).type === "string" &&
    typeof (value as { start?: unknown }).start === "number"
  );
}
