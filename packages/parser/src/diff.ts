import type { Configuration } from "./ast.ts";
import { plan, totalCapacity } from "./plan.ts";
import { knownQueues, type Settings } from "./settings.ts";
import { queuesOf, type Standing, standingOf } from "./standing.ts";

/** What changes from one configuration to another, by what each queue gets. */
export interface Difference {
  /** Runs at once. */
  readonly capacity: { readonly before: number; readonly after: number };
  /** The queues whose standing changes. */
  readonly queues: readonly QueueDifference[];
  /** Claim loops that end and that begin, by chain, with their capacity. */
  readonly groups: {
    readonly removed: readonly SizedChain[];
    readonly added: readonly SizedChain[];
    readonly resized: readonly ResizedChain[];
  };
}

export interface QueueDifference {
  readonly queue: string;
  readonly before: Standing;
  readonly after: Standing;
}

export interface SizedChain {
  readonly chain: string;
  readonly capacity: number;
}

export interface ResizedChain {
  readonly chain: string;
  readonly before: number;
  readonly after: number;
}

/** Compares two trees without errors. Groups that only change their places, or their text, are equal. */
export function diff(
  before: Configuration,
  after: Configuration,
  settings: Settings = {},
): Difference {
  const queues = queuesOf([before, after], knownQueues(settings)).flatMap((queue) => {
    const a = standingOf(before, queue);
    const b = standingOf(after, queue);
    return sameStanding(a, b) ? [] : [{ queue, before: a, after: b }];
  });
  return {
    capacity: { before: totalCapacity(before), after: totalCapacity(after) },
    queues,
    groups: diffGroups(plan(before).join.queues, plan(after).join.queues),
  };
}

export function isSame({ capacity, queues, groups }: Difference): boolean {
  return (
    capacity.before === capacity.after &&
    queues.length === 0 &&
    [groups.added, groups.removed, groups.resized].every((list) => list.length === 0)
  );
}

function diffGroups(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): Difference["groups"] {
  const a = new Map(Object.entries(before));
  const b = new Map(Object.entries(after));
  const only = (here: Map<string, number>, there: Map<string, number>) =>
    [...here].flatMap(([chain, capacity]) => (there.has(chain) ? [] : [{ chain, capacity }]));
  const resized = [...a].flatMap(([chain, size]) => {
    const now = b.get(chain);
    return now === undefined || now === size ? [] : [{ chain, before: size, after: now }];
  });
  return { removed: only(a, b), added: only(b, a), resized };
}

function sameStanding(a: Standing, b: Standing): boolean {
  const figures = ({ guaranteed, shared, preferred, possible, places }: Standing) =>
    JSON.stringify([guaranteed, shared, preferred, possible, places]);
  return figures(a) === figures(b);
}
