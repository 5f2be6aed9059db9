import { followClaims } from "./follow-claims.ts";
import type { Bench, Judge } from "./judge.ts";

/** Row 5: what came beyond the free slots of a lane is started in the order in which it came. */
export function judgeArrival({ plan, accuse }: Bench): Judge {
  const claims = followClaims();
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
    see: {
      sent: ({ frame }) => claims.sent(frame),
      read: ({ frame }) => {
        const { chain = "", runs = [] } = claims.read(frame) ?? {};
        for (const id of runs) {
          if (!known.has(id) && !isShared(chain)) waiting.set(id, chain);
          known.add(id);
        }
      },
      log: ({ message, fields: { run = "" } }) => {
        if (message === "claimed") onBegun(run);
        else if (message.includes("did not execute")) waiting.delete(run);
      },
      "process-started": () => {
        claims.forget();
        waiting.clear();
        known.clear();
      },
    },
  };
}
