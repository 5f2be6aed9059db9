import type { JournalledRun } from "@workloops/worker/core";
import { followClaims } from "./follow-claims.ts";
import type { Bench, Judge } from "./judge.ts";

const SURPLUS_CAPACITIES = 2;

/**
 * Row 5 and invariant 7: of what an over-delivering server hands out, a lane keeps at most twice
 * its capacity for later. Kept is a run that was read and has not ended, and with which nothing
 * was done: whatever is to become of a run, its token is checked first. What is above that is
 * ended, for which other judges look. `recovered` is what the journal gives to a process that
 * starts: it may wait beyond the bound, and nothing comes on top of it until it is below.
 */
export function judgeSurplus(
  { plan, accuse }: Bench,
  recovered: () => readonly JournalledRun[],
): Judge {
  const claims = followClaims();
  /** The chain of each run that is kept. */
  const kept = new Map<string, string>();
  const known = new Set<string>();
  const firstChain = plan.groups[0]?.chain ?? "";
  /** How many runs the journal gave to this process, by chain. */
  const given = new Map<string, number>();
  let hasGrown = false;

  const keep = (run: string, chain: string): void => {
    if (known.has(run)) return;
    known.add(run);
    kept.set(run, chain);
    hasGrown = true;
  };
  const begin = (): void => {
    claims.forget();
    kept.clear();
    known.clear();
    given.clear();
    for (const { id, chain } of recovered()) {
      const lane = Object.hasOwn(plan.join.queues, chain) ? chain : firstChain;
      keep(id, lane);
      given.set(lane, (given.get(lane) ?? 0) + 1);
    }
  };
  const look = (chain: string, capacity: number): void => {
    let count = 0;
    for (const of of kept.values()) if (of === chain) count += 1;
    const limit = capacity * SURPLUS_CAPACITIES;
    // Groups of one chain keep apart what they keep: one may hold what came back, the others their own.
    const isShared = plan.groups.filter((group) => group.chain === chain).length > 1;
    const back = given.get(chain) ?? 0;
    if (count > (isShared ? limit + back : Math.max(limit, back))) {
      accuse(7, `${chain} keeps ${count} runs over its ${capacity} slots`);
    }
  };

  return {
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
      "process-killed": () => kept.clear(),
      "process-started": begin,
    },
    afterStep: () => {
      if (!hasGrown) return;
      hasGrown = false;
      for (const [chain, capacity] of Object.entries(plan.join.queues)) look(chain, capacity);
    },
  };
}
