import { isFinal } from "@workloops/local-lightning/run-ledger";
import { phoenix } from "@workloops/worker/protocol";
import type { Bench, Judge } from "./judge.ts";

/** A child that is killed is gone within this time. */
const KILLED_WITHIN_MS = 50;

/**
 * A run is given up only where nothing more can be reported of it: not while its channel is
 * joined. What it still executes then is ended.
 */
export function judgeLosses({ ledger, now, accuse }: Bench): Judge {
  const joined = new Set<string>();
  const joinRefs = new Map<string, string | null>();
  const executing = new Set<string>();
  /** Executing runs that were given up, and when. */
  const lost = new Map<string, number>();
  let isAwake = true;

  return {
    see: (fact) => {
      switch (fact.type) {
        case "sent": {
          const { topic, event, ref } = fact.frame;
          if (event === phoenix.join) joinRefs.set(topic, ref);
          if (event === phoenix.join || event === phoenix.leave) joined.delete(topic);
          return;
        }
        case "read": {
          const { topic, event, ref, joinRef, payload } = fact.frame;
          const { status } = (payload ?? {}) as { status?: unknown };
          if (event === phoenix.error || event === phoenix.close) {
            if (joinRef === joinRefs.get(topic)) joined.delete(topic);
          } else if (event === phoenix.reply && ref === joinRefs.get(topic) && status === "ok") {
            joined.add(topic);
          }
          return;
        }
        case "closed":
        case "closing":
          joined.clear();
          joinRefs.clear();
          return;
        case "log": {
          const { run } = fact.fields;
          if (fact.message.startsWith("the time to drain is over")) {
            for (const id of executing) lost.set(id, now());
          }
          if (!fact.message.startsWith("lost: ") || run === undefined) return;
          if (executing.has(run) && fact.message.includes("token")) {
            accuse(2, `${run} is given up for its token although it executes`);
          }
          if (joined.has(`run:${run}`) && !isFinal(ledger.runs.get(run)?.state ?? "lost")) {
            accuse(2, `${run} is given up although its channel is joined`);
          }
          if (executing.has(run)) lost.set(run, now());
          return;
        }
        case "execute":
          executing.add(fact.run);
          return;
        case "engine":
          if (fact.event.type === "workflow-complete" || fact.event.type === "workflow-error") {
            executing.delete(fact.run);
          }
          return;
        case "engine-ended":
          executing.delete(fact.run);
          lost.delete(fact.run);
          return;
        case "suspended":
          isAwake = false;
          return;
        case "resumed":
          isAwake = true;
          for (const run of lost.keys()) lost.set(run, now());
          return;
        case "process-started":
          joined.clear();
          executing.clear();
          lost.clear();
          isAwake = true;
          return;
        case "process-killed":
        case "process-stopped":
          lost.clear();
          return;
      }
    },
    afterStep: () => {
      if (!isAwake) return;
      for (const [run, at] of lost) {
        if (now() > at + KILLED_WITHIN_MS) accuse(7, `${run} is given up and goes on to execute`);
      }
    },
  };
}
