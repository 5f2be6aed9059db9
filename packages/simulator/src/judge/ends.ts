import { isFinal, type RunRecord } from "@workloops/local-lightning/run-ledger";
import { phoenix, QUEUE_TOPIC } from "@workloops/worker/protocol";
import { isKept } from "../world/disk.ts";
import { TOKEN_GRACE_SECONDS, UNKNOWN_TOKEN_GRACE_SECONDS } from "../world/patience.ts";
import type { Bench, Judge } from "./judge.ts";
import { runsIn } from "./runs-in.ts";

/** Judges the ends of all runs, and knows which will not come. */
export interface Ends {
  readonly judge: Judge;
  /** Handed out in replies that the worker never read. */
  lost(): readonly string[];
  /** True for a run that no worker can end any more: only the janitor will. */
  abandoned(id: string): boolean;
}

/**
 * Invariant 2: every run whose grant the worker read reaches exactly one end in the ledger, and
 * none executes twice. Grants that were never read are counted apart.
 */
export function judgeEnds(
  { ledger, accuse, scenario, now }: Bench,
  isJoined: (id: string) => boolean,
): Ends {
  const granted = new Set<string>();
  const read = new Set<string>();
  const vanished = new Set<string>();
  const executed = new Set<string>();
  /** Runs that a worker could not end: their token was bad, or nothing remembered them. */
  const excused = new Set<string>();
  const held = new Set<string>();
  const runsNow = new Set<string>();
  const grantedAt = new Map<string, number>();
  /** Runs that the worker gave up when their token was over: nothing could be reported any more. */
  const outlived = new Set<string>();
  /** Runs of the frame that is being read: a kill before they are written down is a reply lost. */
  let inHand: { readonly at: number; readonly ids: readonly string[] } = { at: -1, ids: [] };
  const written = new Set<string>();
  let seen = 0;

  const lost = (): readonly string[] => [...granted].filter((id) => !read.has(id));

  const judgeRun = (run: RunRecord): void => {
    const ends = run.ends.map((end) => `${end.state} by ${end.workerId ?? "the janitor"}`);
    if (!isFinal(run.state)) accuse(2, `${run.id} is ${run.state} at the end of the world`);
    else if (run.ends.length !== 1) accuse(2, `${run.id} has ${ends.length} ends: ${ends.join()}`);
    else if (
      run.ends[0]?.workerId === null &&
      read.has(run.id) &&
      !excused.has(run.id) &&
      !outlived.has(run.id)
    ) {
      accuse(2, `${run.id} was handed to the worker, and no worker has ended it`);
    }
  };

  const onEnded = (id: string): void => {
    const state = ledger.runs.get(id)?.state;
    if (runsNow.has(id) && state === "started" && isJoined(id)) {
      accuse(2, `${id} is given up although it executes and its channel is there`);
    }
    held.delete(id);
    const graceSeconds = scenario.shortTokens ? TOKEN_GRACE_SECONDS : UNKNOWN_TOKEN_GRACE_SECONDS;
    // The times in a token are whole seconds.
    const lifeMs = (ledger.runs.get(id)?.timeoutMs ?? 0) + (graceSeconds - 1) * 1_000;
    if (now() - (grantedAt.get(id) ?? now()) >= lifeMs) outlived.add(id);
  };

  const abandoned = (id: string): boolean =>
    !held.has(id) && (excused.has(id) || outlived.has(id) || (vanished.has(id) && !read.has(id)));

  const judge: Judge = {
    see: (fact) => {
      switch (fact.type) {
        case "granted":
          for (const id of fact.runs) {
            granted.add(id);
            grantedAt.set(id, now());
          }
          return;
        case "released":
          for (const id of fact.runs) granted.delete(id);
          return;
        case "read":
        case "vanished": {
          const { frame } = fact;
          if (frame.topic !== QUEUE_TOPIC || frame.event !== phoenix.reply) return;
          const seenBy = fact.type === "read" ? read : vanished;
          if (fact.type === "read") inHand = { at: now(), ids: runsIn(frame.payload) };
          for (const id of runsIn(frame.payload)) {
            seenBy.add(id);
            if (fact.type === "read" && granted.has(id)) held.add(id);
          }
          return;
        }
        case "fault":
          if (fact.row === 16) excused.add(fact.detail.split(" ").at(-1) ?? "");
          return;
        case "log":
          // Whether it may give up, another judge says.
          if (fact.message.startsWith("given up")) excused.add(fact.fields.run ?? "");
          return;
        case "execute":
          if (executed.has(fact.run)) accuse(2, `${fact.run} is executed a second time`);
          executed.add(fact.run);
          runsNow.add(fact.run);
          return;
        case "engine-ended":
          runsNow.delete(fact.run);
          return;
        case "journal":
          if (fact.entry.type === "claimed") written.add(fact.entry.run);
          if (fact.entry.type === "ended") onEnded(fact.entry.run);
          return;
        case "process-stopped":
        case "process-killed":
          runsNow.clear();
          for (const id of inHand.at === now() ? inHand.ids : []) {
            if (written.has(id)) continue;
            read.delete(id);
            vanished.add(id);
          }
          // What is under way to it when it ends is never read.
          for (const id of lost()) vanished.add(id);
          // Without a journal, what a process held is lost with it, and nothing can be done.
          if (!isKept(scenario.journal)) for (const id of held) excused.add(id);
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
      // To the ledger, a run that the worker could report no more still has its slot.
      if (violation.kind === "over-capacity" && outlived.size + excused.size > 0) return;
      accuse(
        2,
        `${violation.kind} at ${violation.event} of ${violation.runId}: ${violation.detail}`,
      );
    },
    atEnd: () => {
      for (const run of ledger.runs.values()) judgeRun(run);
      const unexplained = lost().filter((id) => !vanished.has(id));
      if (unexplained.length > 0) {
        accuse(2, `grants that no fault explains were not read: ${unexplained.join(" ")}`);
      }
    },
  };

  return { judge, lost, abandoned };
}
