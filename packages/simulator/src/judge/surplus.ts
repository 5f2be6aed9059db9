import type { JournalledRun } from "@workloops/worker/core";
import { followClaims } from "./follow-claims.ts";
import type { Holdings } from "./holdings.ts";
import type { Bench, Judge } from "./judge.ts";

export const SURPLUS_CAPACITIES = 2;

export interface Surplus {
  readonly judge: Judge;
  /** How many runs wait for a slot of this chain. */
  count(chain: string): number;
}

/**
 * Row 5 and invariant 7: of what an over-delivering server hands out, a lane keeps at most twice
 * its capacity for later. Kept is a run that was read and has not ended, and with which nothing
 * was done: whatever is to become of a run, its token is checked first. What is above that is
 * ended, for which other judges look. What the journal gives to a process that starts may wait
 * beyond the bound, and nothing comes on top of it until it is below.
 */
export function judgeSurplus({ plan, accuse }: Bench, holdings: Holdings): Surplus {
  const claims = followClaims();
  /** The chain of each run that is kept. */
  const kept = new Map<string, string>();
  const known = new Set<string>();
  const firstChain = plan.groups[0]?.chain ?? "";
  /** How many runs the journal gave to this process as it started, by chain. */
  const given = new Map<string, number>();
  let hasGrown = false;
  let isStarting = false;

  const keep = (run: string, chain: string): void => {
    if (known.has(run)) return;
    known.add(run);
    kept.set(run, chain);
    hasGrown = true;
  };
  const giveBack = (runs: readonly JournalledRun[]): void => {
    for (const { id } of runs) {
      const chain = holdings.open.get(id);
      // One that drains leaves it to the next.
      if (chain === undefined) continue;
      const lane = Object.hasOwn(plan.join.queues, chain) ? chain : firstChain;
      keep(id, lane);
      if (isStarting) given.set(lane, (given.get(lane) ?? 0) + 1);
    }
    isStarting = false;
  };
  const count = (chain: string): number => {
    let found = 0;
    for (const of of kept.values()) if (of === chain) found += 1;
    return found;
  };
  const look = (chain: string, capacity: number): void => {
    const waiting = count(chain);
    const limit = capacity * SURPLUS_CAPACITIES;
    // Groups of one chain keep apart what they keep: one may hold what came back, the others their own.
    const isShared = plan.groups.filter((group) => group.chain === chain).length > 1;
    const back = given.get(chain) ?? 0;
    if (waiting > (isShared ? limit + back : Math.max(limit, back))) {
      accuse(7, `${chain} keeps ${waiting} runs over its ${capacity} slots`);
    }
  };

  const judge: Judge = {
    see: {
      sent: ({ frame }) => claims.sent(frame),
      read: ({ frame }) => {
        const { chain = "", runs = [] } = claims.read(frame) ?? {};
        for (const run of runs) keep(run, chain);
      },
      "token-asked": ({ run }) => {
        known.add(run);
        kept.delete(run);
      },
      journal: ({ entry }) => {
        if (entry.type === "ended") kept.delete(entry.run);
      },
      "given-back": ({ runs }) => giveBack(runs),
      "process-killed": () => kept.clear(),
      "process-started": () => {
        claims.forget();
        kept.clear();
        known.clear();
        given.clear();
        isStarting = true;
      },
    },
    afterStep: () => {
      if (!hasGrown) return;
      hasGrown = false;
      for (const [chain, capacity] of Object.entries(plan.join.queues)) look(chain, capacity);
    },
  };
  return { judge, count };
}
