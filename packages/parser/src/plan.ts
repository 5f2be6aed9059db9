import type { Configuration, Group } from "./ast.ts";
import { chainText, queueText } from "./chain-text.ts";

/** What a worker runs: one claim loop for each group. */
export interface Plan {
  readonly groups: readonly PlannedGroup[];
  /** Runs at once, over all groups. */
  readonly capacity: number;
  readonly join: JoinPayload;
}

export interface PlannedGroup {
  /** Names of queues in order of preference; `*` for any. */
  readonly queues: readonly string[];
  /** Runs at once. */
  readonly capacity: number;
  /** The queues joined by `>`: the name of the group in the join payload, in logs and in metrics. */
  readonly chain: string;
  /** What each claim of this group sends beside its demand and the worker's name (protocol page, section 2.2). */
  readonly claim: { readonly queues: readonly string[] };
}

/** The payload of the join of `worker:queue` (protocol page, section 2.1). */
export interface JoinPayload {
  /** Runs at once, over all groups. */
  readonly capacity: number;
  /** Runs at once by chain. Groups with the same chain are added up, so that nothing goes unreported. */
  readonly queues: Readonly<Record<string, number>>;
}

/** What a worker runs, from a tree without errors. A tree with errors throws: `parse` has told of them before. */
export function plan(tree: Configuration): Plan {
  const groups = tree.groups.map(planGroup);
  if (groups.length === 0) throw new Error("A configuration without groups cannot be planned.");
  const capacity = totalCapacity(tree);
  const slots = new Map<string, number>();
  for (const group of groups) {
    slots.set(group.chain, (slots.get(group.chain) ?? 0) + group.capacity);
  }
  // Object.fromEntries defines its properties, so a queue called `__proto__` is one like any other.
  return { groups, capacity, join: { capacity, queues: Object.fromEntries(slots) } };
}

/** Runs at once, over all groups of a tree without errors. */
export function totalCapacity(tree: Configuration): number {
  return tree.groups.reduce((total, group) => total + capacityOf(group), 0);
}

function planGroup(group: Group): PlannedGroup {
  const queues = group.chain.queues.map(queueText);
  return { queues, capacity: capacityOf(group), chain: chainText(group.chain), claim: { queues } };
}

function capacityOf(group: Group): number {
  if (group.broken || group.capacity?.value === undefined) {
    const { start, end } = group.span;
    throw new Error(
      `The group at ${start} to ${end} is broken: only a tree without errors is run.`,
    );
  }
  return group.capacity.value;
}
