import type { Capacity, Chain, Configuration, Group, Queue } from "./ast.ts";
import type { Span } from "./span.ts";

export type Node = Configuration | Group | Chain | Queue | Capacity;

/**
 * The nodes at an offset, from the whole configuration inwards. A cursor between two nodes is
 * at the one that begins there, else at the one that ends there.
 */
export function find(tree: Configuration, offset: number): readonly Node[] {
  const group = pick(tree.groups, offset);
  if (group === undefined) return [tree];
  const part = pick([group.chain, ...(group.capacity ? [group.capacity] : [])], offset);
  if (part === undefined) return [tree, group];
  const queue = part.kind === "chain" ? pick(part.queues, offset) : undefined;
  return queue === undefined ? [tree, group, part] : [tree, group, part, queue];
}

function pick<N extends { readonly span: Span }>(
  nodes: readonly N[],
  offset: number,
): N | undefined {
  const inside = nodes.find(({ span }) => offset >= span.start && offset < span.end);
  return inside ?? nodes.find(({ span }) => offset === span.end && span.start < span.end);
}
