import type { Configuration, Group } from "./ast.ts";
import { isStrict } from "./chain-text.ts";

/** Runs at once that a queue may have at one place of the order in which groups with `*` are served. */
export interface Place {
  /** 1 is first. The queues that such a group does not name share the place of its `*`. */
  readonly place: number;
  readonly slots: number;
}

/** What a configuration does for one queue. All figures are runs at once. */
export interface Standing {
  readonly queue: string;
  /** In groups that serve this queue and no other: nothing else ever takes them. */
  readonly guaranteed: number;
  /** In groups without `*` that name it beside others: shared, the oldest run first. */
  readonly shared: number;
  /** In groups with `*` that name it, so that it goes before the queues which are not named. */
  readonly preferred: number;
  /** In all groups that may serve it: the most runs of this queue that are held at once. */
  readonly possible: number;
  /** Its place in the order of each group with `*`, first places first. */
  readonly places: readonly Place[];
}

/** The standing of one queue in a tree without errors. */
export function standingOf(tree: Configuration, queue: string): Standing {
  let guaranteed = 0;
  let shared = 0;
  let preferred = 0;
  const byPlace = new Map<number, number>();
  for (const group of tree.groups) {
    const slots = group.capacity?.value ?? 0;
    const place = placeIn(group, queue);
    if (place === undefined) continue;
    if (isStrict(group.chain)) {
      if (namesOnly(group, queue)) guaranteed += slots;
      else shared += slots;
      continue;
    }
    if (place.named) preferred += slots;
    byPlace.set(place.number, (byPlace.get(place.number) ?? 0) + slots);
  }
  const places = [...byPlace].map(([place, slots]) => ({ place, slots }));
  places.sort((a, b) => a.place - b.place);
  const open = places.reduce((sum, { slots }) => sum + slots, 0);
  return { queue, guaranteed, shared, preferred, possible: guaranteed + shared + open, places };
}

/** Where a group serves a queue, as the server sorts: by the first mention, else by the `*`. */
export function placeIn(
  { chain }: Group,
  queue: string,
): { readonly number: number; readonly named: boolean } | undefined {
  const named = chain.queues.findIndex((q) => q.kind === "queue" && q.name === queue);
  if (named >= 0) return { number: named + 1, named: true };
  return isStrict(chain) ? undefined : { number: chain.queues.length, named: false };
}

function namesOnly({ chain }: Group, queue: string): boolean {
  return chain.queues.every((q) => q.kind === "queue" && q.name === queue);
}

/** The queues worth a row: the known ones and those that the trees name. */
export function queuesOf(trees: readonly Configuration[], known: readonly string[]): string[] {
  const named = trees.flatMap((tree) =>
    tree.groups.flatMap(({ chain }) =>
      chain.queues.flatMap((queue) => (queue.kind === "queue" ? [queue.name] : [])),
    ),
  );
  return [...new Set([...known, ...named])];
}
