import { followClaims } from "./follow-claims.ts";
import type { Bench, Judge } from "./judge.ts";

/** Row 5: what came beyond the free slots of a lane is started in the order in which it came. */
export function judgeArrival({ plan, accuse }: Bench): Judge {
  const broughtBy = followClaims();
  /** Runs that have come and not begun, in order, by run: the chain. */
  const waiting = new Map<string, string>();
  const known = new Set<string>();
  /** Groups that share a chain fill up side by side, and are left out. */
  const isShared = (chain: string): boolean =>
    plan.groups.filter((group) => group.chain === chain).length > 1;

  const onBegun = (run: string): void => {
    const chain = waiting.get(run);
    for (const [other, of] of waiting) {
      if (other === run) break;
      if (of === chain) accuse(7, `${run} is started before ${other}, which came before it`);
    }
    waiting.delete(run);
  };

  return {
    see: (fact) => {
      const { chain = "", runs = [] } = broughtBy(fact) ?? {};
      for (const id of runs) {
        if (!known.has(id) && !isShared(chain)) waiting.set(id, chain);
        known.add(id);
      }
      switch (fact.type) {
        case "log":
          if (fact.message === "claimed") onBegun(fact.fields.run ?? "");
          else if (fact.message.includes("did not execute")) waiting.delete(fact.fields.run ?? "");
          return;
        case "process-started":
          waiting.clear();
          known.clear();
          return;
      }
    },
  };
}
