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

  const disconnected = (): void => {
    joined.clear();
    joinRefs.clear();
  };
  const onLost = (run: string, message: string): void => {
    if (executing.has(run) && message.includes("token")) {
      accuse(2, `${run} is given up for its token although it executes`);
    }
    if (joined.has(`run:${run}`) && !isFinal(ledger.runs.get(run)?.state ?? "lost")) {
      accuse(2, `${run} is given up although its channel is joined`);
    }
    if (executing.has(run)) lost.set(run, now());
  };

  return {
    see: {
      sent: ({ frame: { topic, event, ref } }) => {
        if (event === phoenix.join) joinRefs.set(topic, ref);
        if (event === phoenix.join || event === phoenix.leave) joined.delete(topic);
      },
      read: ({ frame: { topic, event, ref, joinRef, payload } }) => {
        const { status } = (payload ?? {}) as { status?: unknown };
        if (event === phoenix.error || event === phoenix.close) {
          if (joinRef === joinRefs.get(topic)) joined.delete(topic);
        } else if (event === phoenix.reply && ref === joinRefs.get(topic) && status === "ok") {
          joined.add(topic);
        }
      },
      closed: disconnected,
      closing: disconnected,
      log: ({ message, fields }) => {
        if (message.startsWith("the time to drain is over")) {
          for (const id of executing) lost.set(id, now());
        }
        if (message.startsWith("lost: ") && fields.run !== undefined) onLost(fields.run, message);
      },
      execute: ({ run }) => {
        executing.add(run);
      },
      engine: ({ run, event }) => {
        if (event.type === "workflow-complete" || event.type === "workflow-error") {
          executing.delete(run);
        }
      },
      "engine-ended": ({ run }) => {
        executing.delete(run);
        lost.delete(run);
      },
      suspended: () => {
        isAwake = false;
      },
      resumed: () => {
        isAwake = true;
        for (const run of lost.keys()) lost.set(run, now());
      },
      "process-started": () => {
        joined.clear();
        executing.clear();
        lost.clear();
        isAwake = true;
      },
      "process-killed": () => lost.clear(),
      "process-stopped": () => lost.clear(),
    },
    afterStep: () => {
      if (!isAwake || lost.size === 0) return;
      for (const [run, at] of lost) {
        if (now() > at + KILLED_WITHIN_MS) accuse(7, `${run} is given up and goes on to execute`);
      }
    },
  };
}
