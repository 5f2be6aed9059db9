import type { QueuedRun } from "@workloops/local-lightning/queue";

export function aRun(id: string, fields: Partial<QueuedRun> = {}): QueuedRun {
  return {
    ...{ id, queue: "default", workflowId: `workflow of ${id}`, projectId: "p", priority: 1 },
    ...{ insertedAt: 0, workflowConcurrency: null, projectConcurrency: null },
    ...fields,
  };
}

interface Row {
  readonly run: QueuedRun;
  readonly available: boolean;
}

/**
 * Section 3 of the protocol page word by word: rank, number, filter, sort, take; slow and plain.
 * Rows come in order of arrival.
 */
export function claimNaively(
  rows: readonly Row[],
  demand: number,
  wanted: readonly string[],
  window: number,
): readonly string[] {
  const order = (a: Row, b: Row): number =>
    a.run.priority - b.run.priority ||
    a.run.insertedAt - b.run.insertedAt ||
    rows.indexOf(a) - rows.indexOf(b);
  const seen = rows.filter((row) => {
    const sameWorkflow = rows.filter(({ run }) => run.workflowId === row.run.workflowId);
    return sameWorkflow.sort(order).indexOf(row) < window;
  });
  const partition = ({ run }: Row): string =>
    run.workflowConcurrency !== null ? `w ${run.workflowId}` : `p ${run.projectId}`;
  const numberOf = (row: Row): number =>
    seen
      .filter((other) => partition(other) === partition(row))
      .sort((a, b) => a.run.insertedAt - b.run.insertedAt || rows.indexOf(a) - rows.indexOf(b))
      .indexOf(row) + 1;
  const eligible = seen.filter((row) => {
    const limit = row.run.workflowConcurrency ?? row.run.projectConcurrency;
    return row.available && (limit === null || numberOf(row) <= limit);
  });
  const key = ({ run }: Row): number => {
    const position = wanted.indexOf(run.queue);
    return (position === -1 ? wanted.indexOf("*") : position) + 1;
  };
  const chosen = wanted.includes("*")
    ? eligible.sort((a, b) => key(a) - key(b) || order(a, b))
    : eligible.filter(({ run }) => wanted.includes(run.queue)).sort(order);
  return chosen.slice(0, demand).map(({ run }) => run.id);
}
