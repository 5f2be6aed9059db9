import { phoenix, QUEUE_TOPIC } from "@workloops/worker/protocol";
import { isFinal, type RunRecord } from "@workloops/local-lightning/run-ledger";
import type { Bench, Judge } from "./judge.ts";
import { runsIn } from "./slots.ts";

/** What became of the grants of a world. */
export interface Grants {
  readonly read: ReadonlySet<string>;
  /** Handed out in replies that the worker never read. */
  readonly lost: () => readonly string[];
}

/**
 * Invariant 2: every run whose grant the worker read reaches exactly one end in the ledger, and
 * none executes twice. Grants that were never read are counted apart.
 */
export function judgeEnds({ ledger, accuse, scenario }: Bench): Judge & { grants: Grants } {
  const granted = new Set<string>();
  const read = new Set<string>();
  const vanished = new Set<string>();
  const executed = new Set<string>();
  /** Runs that a worker could not end: their token was bad, or nothing remembered them. */
  const excused = new Set<string>();
  const held = new Set<string>();
  let seen = 0;

  const lost = (): readonly string[] => [...granted].filter((id) => !read.has(id));

  const judge = (run: RunRecord): void => {
    const ends = run.ends.map((end) => `${end.state} by ${end.workerId ?? "the janitor"}`);
    if (!isFinal(run.state)) accuse(2, `${run.id} is ${run.state} at the end of the world`);
    else if (run.ends.length !== 1) accuse(2, `${run.id} has ${ends.length} ends: ${ends.join()}`);
    else if (run.ends[0]?.workerId === null && read.has(run.id) && !excused.has(run.id)) {
      accuse(2, `${run.id} was handed to the worker, and no worker has ended it`);
    }
  };

  return {
    grants: { read, lost },
    see: (fact) => {
      switch (fact.type) {
        case "granted":
          for (const id of fact.runs) granted.add(id);
          return;
        case "released":
          for (const id of fact.runs) granted.delete(id);
          return;
        case "read":
        case "vanished": {
          const { frame } = fact;
          if (frame.topic !== QUEUE_TOPIC || frame.event !== phoenix.reply) return;
          const seenBy = fact.type === "read" ? read : vanished;
          for (const id of runsIn(frame.payload)) {
            seenBy.add(id);
            if (fact.type === "read" && granted.has(id)) held.add(id);
          }
          return;
        }
        case "fault":
          if (fact.row === 16) excused.add(fact.detail.split(" ").at(-1) ?? "");
          return;
        case "execute":
          if (executed.has(fact.run)) accuse(2, `${fact.run} is executed a second time`);
          executed.add(fact.run);
          return;
        case "journal":
          if (fact.entry.type === "ended") held.delete(fact.entry.run);
          return;
        case "process-stopped":
        case "process-killed":
          // Without a journal, what a process held is lost with it, and nothing can be done.
          if (scenario.journal !== "kept") for (const id of held) excused.add(id);
          held.clear();
          return;
      }
    },
    afterStep: () => {
      const { total, first } = ledger.violations;
      if (total === seen) return;
      seen = total;
      const violation = first.at(-1);
      if (violation === undefined) return;
      accuse(2, `${violation.kind} at ${violation.event} of ${violation.runId}: ${violation.detail}`);
    },
    atEnd: () => {
      for (const run of ledger.runs.values()) judge(run);
      const unexplained = lost().filter((id) => !vanished.has(id));
      if (unexplained.length > 0) {
        accuse(2, `grants that no fault explains were not read: ${unexplained.join(" ")}`);
      }
    },
  };
}
