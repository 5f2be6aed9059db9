import { byAge, type Entry, placeOf } from "./entry.ts";

interface Runs {
  readonly perWorkflowLimit: number;
  /** All runs not ended, by workflow, in base order. */
  readonly workflows: ReadonlyMap<string, readonly Entry[]>;
  /** The workflows of each project. */
  readonly projects: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Says for the length of one claim which runs may be taken: those among the first
 * `perWorkflowLimit` of their workflow, and inside the concurrency limit of their workflow,
 * else of their project. Runs in progress count, and hold the oldest places.
 * Source: protocol page, section 3.3.
 */
export function eligibility(runs: Runs): (entry: Entry) => boolean {
  const allowed = new Map<string, ReadonlySet<Entry>>();

  const isInWindow = (entry: Entry): boolean => {
    const list = runs.workflows.get(entry.run.workflowId) ?? [];
    return list.length <= runs.perWorkflowLimit || placeOf(list, entry) < runs.perWorkflowLimit;
  };

  const partitionOf = (entry: Entry): { key: string; limit: number } | undefined => {
    const { workflowConcurrency, projectConcurrency, workflowId, projectId } = entry.run;
    if (workflowConcurrency !== null)
      return { key: `workflow ${workflowId}`, limit: workflowConcurrency };
    if (projectConcurrency !== null)
      return { key: `project ${projectId}`, limit: projectConcurrency };
    return undefined;
  };

  const firstOf = (key: string, limit: number, entry: Entry): ReadonlySet<Entry> => {
    const known = allowed.get(key);
    if (known !== undefined) return known;
    const workflowIds =
      entry.run.workflowConcurrency !== null
        ? [entry.run.workflowId]
        : [...(runs.projects.get(entry.run.projectId) ?? [])];
    const rows = workflowIds
      .flatMap((id) => (runs.workflows.get(id) ?? []).slice(0, runs.perWorkflowLimit))
      .filter((row) => partitionOf(row)?.key === key)
      .sort(byAge);
    const first = new Set(rows.slice(0, limit));
    allowed.set(key, first);
    return first;
  };

  return (entry) => {
    if (!isInWindow(entry)) return false;
    const partition = partitionOf(entry);
    if (partition === undefined) return true;
    return firstOf(partition.key, partition.limit, entry).has(entry);
  };
}
