import { followClaims } from "./follow-claims.ts";
import type { Judge } from "./judge.ts";

/** What the process that runs now was given and has not ended, by run: the chain of its lane. */
export interface Holdings {
  readonly open: ReadonlyMap<string, string>;
  /** True for a run that this process was given before. */
  knows(id: string): boolean;
  /** How many runs of this chain are open. */
  count(chain: string): number;
  readonly judge: Judge;
}

/** Follows grants from the reply that the worker read to the journal's last word on the run. */
export function followHoldings(): Holdings {
  const open = new Map<string, string>();
  const counts = new Map<string, number>();
  const claims = followClaims();
  const ended = new Set<string>();
  let isDraining = false;

  const count = (chain: string): number => counts.get(chain) ?? 0;
  const drop = (id: string): void => {
    const chain = open.get(id);
    if (chain === undefined) return;
    open.delete(id);
    counts.set(chain, count(chain) - 1);
  };
  const knows = (id: string): boolean => open.has(id) || ended.has(id);
  const hold = (id: string, chain: string): void => {
    drop(id);
    open.set(id, chain);
    counts.set(chain, count(chain) + 1);
  };

  const judge: Judge = {
    see: {
      sent: ({ frame }) => claims.sent(frame),
      read: ({ frame }) => {
        const { chain = "", runs = [] } = claims.read(frame) ?? {};
        for (const id of runs) if (!ended.has(id) && !open.has(id)) hold(id, chain);
      },
      journal: ({ entry }) => {
        if (entry.type === "claimed") hold(entry.run, entry.chain);
        else if (entry.type === "ended") {
          drop(entry.run);
          ended.add(entry.run);
        }
      },
      "process-started": () => {
        claims.forget();
        open.clear();
        counts.clear();
        isDraining = false;
      },
      // One that drains leaves it to the next.
      "given-back": ({ runs }) => {
        for (const { id, chain } of isDraining ? [] : runs) if (!knows(id)) hold(id, chain);
      },
      sigterm: () => {
        isDraining = true;
      },
    },
  };
  return { open, knows, count, judge };
}
