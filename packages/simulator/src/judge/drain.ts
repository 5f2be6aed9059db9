import type { Holdings } from "./holdings.ts";
import type { Bench, Judge } from "./judge.ts";

/** After the deadline the reports of what was ended may take so long. */
const LAST_REPORTS_MS = 1_000;

/** Invariant 5: after SIGTERM the process ends in time, and names what it has not finished. */
export function judgeDrain({ now, accuse }: Bench, holdings: Holdings): Judge {
  let endsBy = Number.POSITIVE_INFINITY;
  return {
    see: (fact) => {
      switch (fact.type) {
        case "sigterm":
          if (fact.withinMs === 0) endsBy = now();
          else endsBy = Math.min(endsBy, now() + fact.withinMs + LAST_REPORTS_MS);
          return;
        case "suspended":
          // After a sleep the worker first reads what came meanwhile.
          endsBy += fact.forMs + 300;
          return;
        case "process-stopped": {
          endsBy = Number.POSITIVE_INFINITY;
          const unnamed = [...holdings.open.keys()].filter((id) => !fact.left.includes(id));
          if (unnamed.length > 0) accuse(5, `the worker stops and does not name ${unnamed.join()}`);
          return;
        }
        case "process-killed":
          endsBy = Number.POSITIVE_INFINITY;
          return;
      }
    },
    afterStep: () => {
      if (now() > endsBy) accuse(5, `the process should have ended by ${endsBy.toFixed(0)}`);
    },
  };
}
