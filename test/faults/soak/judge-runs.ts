import type { RunView } from "../fault-site.ts";

export interface Verdict {
  readonly runs: number;
  /** Ended once by a worker. */
  readonly ended: number;
  /** Granted in a reply that no worker read: the wire cannot tell, and the janitor ends them. */
  readonly grantsUnread: number;
  /** No worker read the grant of these, and no fault destroyed it. */
  readonly unexplained: readonly string[];
  /** A fault destroyed the grant of these, and a worker knew them all the same. */
  readonly wronglyDestroyed: readonly string[];
  /** A worker read the grant, and no worker ended the run. */
  readonly lost: readonly string[];
  readonly twice: readonly string[];
}

/**
 * What became of the runs, by the server's ledger and by what jobs did to the witness.
 * @param read whether any worker said that it read the grant of this run
 * @param destroyed the runs in replies that faults have destroyed, by the proxies
 * @param executions how often the job of this run was executed
 */
export function judgeRuns(
  runs: readonly RunView[],
  read: (id: string) => boolean,
  destroyed: ReadonlySet<string>,
  executions: (run: RunView) => number,
): Verdict {
  const byWorker = (run: RunView) => run.ends.filter(({ state }) => state !== "lost").length;
  const unfinished = runs.filter((run) => byWorker(run) === 0);
  const unread = new Set(unfinished.map(({ id }) => id).filter((id) => !read(id)));
  return {
    runs: runs.length,
    ended: runs.filter((run) => byWorker(run) === 1).length,
    grantsUnread: unread.size,
    unexplained: [...unread].filter((id) => !destroyed.has(id)),
    wronglyDestroyed: [...destroyed].filter((id) => !unread.has(id)),
    lost: unfinished.filter(({ id }) => read(id)).map(({ id }) => id),
    twice: runs.filter((run) => byWorker(run) > 1 || executions(run) > 1).map(({ id }) => id),
  };
}
