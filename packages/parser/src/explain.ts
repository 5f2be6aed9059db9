import type { Configuration } from "./ast.ts";
import { isStrict, queueText } from "./chain-text.ts";
import { parse } from "./parse.ts";
import { type JoinPayload, type PlannedGroup, plan } from "./plan.ts";
import { print } from "./print.ts";
import { knownQueues, type Settings } from "./settings.ts";
import { placeIn, queuesOf, type Standing, standingOf } from "./standing.ts";

/** What a configuration does, as data; the words are made where it is shown. */
export interface Explanation {
  /** The value in canonical text. */
  readonly value: string;
  /** Runs at once, over all groups. */
  readonly capacity: number;
  readonly groups: readonly ExplainedGroup[];
  readonly queues: readonly Standing[];
  /** Known queues that no group serves. */
  readonly unserved: readonly string[];
  /** What the first, second and third run wait for that come to the fast lane at one moment. */
  readonly fastLane: readonly Wait[];
  /** A value that gives the second such run a preference, where this one does not. */
  readonly mended: string | undefined;
  readonly join: JoinPayload;
}

export interface ExplainedGroup extends PlannedGroup {
  readonly strict: boolean;
  readonly words: string;
}

/** What a run waits for when every slot that other queues may use is taken. */
export type Wait =
  /** Nothing: a slot that only this queue uses is free. */
  | { readonly for: "nothing" }
  /** The next slot of a group with `*`; the queues `behind` which it stands there go first. */
  | { readonly for: "next-slot"; readonly behind: readonly string[]; readonly slots: number }
  /** The same, but by age among all queues that the group does not name. */
  | { readonly for: "by-age"; readonly behind: readonly string[]; readonly slots: number }
  /** A slot of a group without `*`, by age among the queues that it names. */
  | { readonly for: "strict-slot"; readonly with: readonly string[]; readonly slots: number }
  /** No group serves the queue. */
  | { readonly for: "ever" };

const fastLane = "fast_lane";

/** Explains a tree without errors. */
export function explain(tree: Configuration, settings: Settings = {}): Explanation {
  const { groups, capacity, join } = plan(tree);
  const known = knownQueues(settings);
  const queues = queuesOf([tree], known).map((queue) => standingOf(tree, queue));
  const waits = [1, 2, 3].map((nth) => waitOf(tree, nth));
  return {
    value: print(tree),
    capacity,
    groups: groups.map((group) => {
      const strict = !group.queues.includes("*");
      return { ...group, strict, words: wordsOf(group, strict) };
    }),
    queues,
    unserved: queues.filter(({ possible }) => possible === 0).map(({ queue }) => queue),
    fastLane: waits,
    mended: mend(tree, waits),
    join,
  };
}

/** One group in a sentence. */
function wordsOf({ queues, capacity }: PlannedGroup, strict: boolean): string {
  const runs = capacity === 1 ? "1 run" : `${capacity} runs`;
  const named = queues.filter((queue) => queue !== "*");
  if (!strict) {
    if (named.length === 0) return `up to ${runs} of any queue, the oldest first`;
    return `up to ${runs}, of ${named.join(", then ")} and then of any queue`;
  }
  return named.length === 1
    ? `up to ${runs} of ${named[0]} and nothing else`
    : `up to ${runs} of ${named.join(" and ")} and nothing else, the oldest first`;
}

/**
 * What the nth run of the fast lane waits for, when the slots that only it uses are free at
 * first and all others are busy: the best of the groups that may serve it.
 */
function waitOf(tree: Configuration, nth: number): Wait {
  const standing = standingOf(tree, fastLane);
  if (nth <= standing.guaranteed) return { for: "nothing" };
  const waits = tree.groups.flatMap((group): Wait[] => {
    const place = placeIn(group, fastLane);
    const slots = group.capacity?.value ?? 0;
    if (place === undefined) return [];
    const names = group.chain.queues.map(queueText);
    const others = names.filter((name) => name !== fastLane);
    if (isStrict(group.chain)) return [{ for: "strict-slot", with: others, slots }];
    const behind = names.slice(0, place.number - 1);
    return [{ for: place.named ? "next-slot" : "by-age", behind, slots }];
  });
  return waits.sort((a, b) => rank(a) - rank(b))[0] ?? { for: "ever" };
}

/** The better wait has the lower rank: first in line, then behind others, then by age, then only its own busy slots. */
function rank(wait: Wait): number {
  if (wait.for === "next-slot") return wait.behind.length;
  if (wait.for === "by-age") return 1_000 + wait.behind.length;
  return 10_000 + (wait.for === "strict-slot" ? wait.with.length : 0);
}

/** The first group with `*` takes the fast lane first. */
function mend(tree: Configuration, waits: readonly Wait[]): string | undefined {
  if (waits[1]?.for !== "by-age") return undefined;
  let found = false;
  const groups = tree.groups.map((group) => {
    const text = print({ ...tree, groups: [group] });
    if (found || isStrict(group.chain)) return text;
    found = true;
    return `${fastLane}>${text}`;
  });
  const mended = groups.join(" ");
  return parse(mended).diagnostics.some(({ severity }) => severity === "error")
    ? undefined
    : mended;
}
