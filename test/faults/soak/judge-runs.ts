import type { RunView } from "../fault-site.ts";

export interface Verdict {
  readonly runs: number;
  /** Ended once by a worker. */
  readonly ended: number;
  /** Granted in a reply that no worker read: the wire cannot tell, and the janitor ends them. */
  readonly grantsUnread: number;
  /** A worker read the grant, and no worker ended the run. */
  readonly lost: readonly string[];
  readonly twice: readonly string[];
}

/**
 * What became of the runs, by the server's ledger and by what jobs did to the witness.
 * @param read whether any worker said that it read the grant of this run
 * @param executions how often the job of this run was executed
 */
export function judgeRuns(
  runs: readonly RunView[],
  read: (id: string) => boolean,
  executions: (run: RunView) => number,
): Verdict {
  const byWorker = (run: RunView) => run.ends.filter(({ state }) => state !== "lost").length;
  const unfinished = runs.filter((run) => byWorker(run) === 0);
  return {
    runs: runs.length,
    ended: runs.filter((run) => byWorker(run) === 1).length,
    grantsUnread: unfinished.filter(({ id }) => !read(id)).length,
    lost: unfinished.filter(({ id }) => read(id)).map(({ id }) => id),
    twice: runs.filter((run) => byWorker(run) > 1 || executions(run) > 1).map(({ id }) => id),
  };
}
