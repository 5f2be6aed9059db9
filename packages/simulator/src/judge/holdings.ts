import type { Fact } from "../world/fact.ts";
import { followClaims } from "./follow-claims.ts";

/** What the process that runs now was given and has not ended, by run: the chain of its lane. */
export interface Holdings {
  readonly open: ReadonlyMap<string, string>;
  /** True for a run that this process was given before. */
  knows(id: string): boolean;
  /** How many runs of this chain are open. */
  count(chain: string): number;
  see(fact: Fact): void;
}

/** Follows grants from the reply that the worker read to the journal's last word on the run. */
export function followHoldings(journalIsKept: boolean): Holdings {
  const open = new Map<string, string>();
  const broughtBy = followClaims();
  const ended = new Set<string>();
  const written = new Set<string>();
  return {
    open,
    knows: (id) => open.has(id) || ended.has(id),
    count: (chain) => {
      let found = 0;
      for (const other of open.values()) if (other === chain) found += 1;
      return found;
    },
    see: (fact) => {
      const { chain = "", runs = [] } = broughtBy(fact) ?? {};
      for (const id of runs) if (!ended.has(id) && !open.has(id)) open.set(id, chain);
      switch (fact.type) {
        case "journal":
          if (fact.entry.type === "claimed") {
            open.set(fact.entry.run, fact.entry.chain);
            written.add(fact.entry.run);
          }
          if (fact.entry.type !== "ended") return;
          open.delete(fact.entry.run);
          ended.add(fact.entry.run);
          return;
        case "process-started":
          // What the journal holds is held again; without one, nothing is.
          for (const id of [...open.keys()]) {
            if (!journalIsKept || !written.has(id)) open.delete(id);
          }
          return;
      }
    },
  };
}
