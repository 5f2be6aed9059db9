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

  /** The process is gone, and with it what it held and nobody wrote down. */
  const onGone = (): void => {
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
  };

  const abandoned = (id: string): boolean =>
    !held.has(id) && (excused.has(id) || outlived.has(id) || (vanished.has(id) && !read.has(id)));

  const judge: Judge = {
    see: {
      granted: ({ runs }) => {
        for (const id of runs) {
          granted.add(id);
          grantedAt.set(id, now());
        }
      },
      released: ({ runs }) => {
        for (const id of runs) granted.delete(id);
      },
      read: ({ frame }) => {
        if (frame.topic !== QUEUE_TOPIC || frame.event !== phoenix.reply) return;
        inHand = { at: now(), ids: runsIn(frame.payload) };
        for (const id of inHand.ids) {
          read.add(id);
          if (granted.has(id)) held.add(id);
        }
      },
      vanished: ({ frame }) => {
        if (frame.topic !== QUEUE_TOPIC || frame.event !== phoenix.reply) return;
        for (const id of runsIn(frame.payload)) vanished.add(id);
      },
      fault: ({ row, detail }) => {
        if (row === 16) excused.add(detail.split(" ").at(-1) ?? "");
      },
      log: ({ message, fields }) => {
        // Whether it may give up, another judge says.
        if (message.startsWith("given up")) excused.add(fields.run ?? "");
      },
      execute: ({ run }) => {
        if (executed.has(run)) accuse(2, `${run} is executed a second time`);
        executed.add(run);
        runsNow.add(run);
      },
      "engine-ended": ({ run }) => {
        runsNow.delete(run);
      },
      journal: ({ entry: { type, run } }) => {
        if (type === "claimed") written.add(run);
        if (type === "ended") onEnded(run);
      },
      "process-stopped": onGone,
      "process-killed": onGone,
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
