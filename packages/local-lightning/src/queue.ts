import { claimTiers } from "./queue/claim-order.ts";
import { eligibility } from "./queue/eligibility.ts";
import { byBaseOrder, type Entry, insert, type QueuedRun, remove } from "./queue/entry.ts";

export type { QueuedRun } from "./queue/entry.ts";

/**
 * The runs that have not ended, in the order in which claims take them. Plain data, changed in
 * place by the functions of this file; no clock, no chance, no promise.
 */
export interface RunQueue {
  readonly perWorkflowLimit: number;
  readonly entries: Map<string, Entry>;
  readonly workflows: Map<string, Entry[]>;
  readonly projects: Map<string, Set<string>>;
  /** Runs that no worker has, by queue, in base order. */
  readonly available: Map<string, Entry[]>;
  arrivals: number;
}

/** `perWorkflowLimit`: how many runs of one workflow a claim can see (PER_WORKFLOW_CLAIM_LIMIT). */
export function createQueue(perWorkflowLimit = 50): RunQueue {
  return {
    perWorkflowLimit,
    entries: new Map(),
    workflows: new Map(),
    projects: new Map(),
    available: new Map(),
    arrivals: 0,
  };
}

/** Puts a run in the queue. A run that is there already stays as it is. */
export function enqueue(queue: RunQueue, run: QueuedRun): void {
  place(queue, run, true);
}

/** Counts a run as in progress although it had ended: a worker started it again. */
export function resume(queue: RunQueue, run: QueuedRun): void {
  place(queue, run, false);
}

function place(queue: RunQueue, run: QueuedRun, available: boolean): void {
  if (queue.entries.has(run.id)) return;
  const entry: Entry = { run, arrival: queue.arrivals++, available };
  queue.entries.set(run.id, entry);
  insert(queue.workflows, run.workflowId, entry);
  if (available) insert(queue.available, run.queue, entry);
  const workflows = queue.projects.get(run.projectId);
  if (workflows === undefined) queue.projects.set(run.projectId, new Set([run.workflowId]));
  else workflows.add(run.workflowId);
}

/**
 * Takes up to `demand` runs for a claim that asks for `wanted`, in claim order. The runs count as
 * in progress from here on. Source: protocol page, sections 3.2 and 3.3.
 */
export function claim(
  queue: RunQueue,
  demand: number,
  wanted: readonly string[],
): readonly QueuedRun[] {
  const isEligible = eligibility(queue);
  const taken: Entry[] = [];
  for (const names of claimTiers(wanted, queue.available.keys())) {
    const lists = names.map((name) => queue.available.get(name) ?? []);
    for (const entry of merged(lists)) {
      if (taken.length >= demand) break;
      if (isEligible(entry)) taken.push(entry);
    }
  }
  for (const entry of taken) {
    entry.available = false;
    remove(queue.available, entry.run.queue, entry);
  }
  return taken.map((entry) => entry.run);
}

/** The entries of several sorted lists as one sorted sequence, read only as far as it is asked for. */
function* merged(lists: readonly (readonly Entry[])[]): Generator<Entry> {
  const next = lists.map(() => 0);
  for (;;) {
    let best: Entry | undefined;
    let from = -1;
    for (const [index, list] of lists.entries()) {
      const entry = list[next[index] ?? 0];
      if (entry === undefined || (best !== undefined && byBaseOrder(best, entry) <= 0)) continue;
      best = entry;
      from = index;
    }
    if (best === undefined) return;
    next[from] = (next[from] ?? 0) + 1;
    yield best;
  }
}

/** Gives a claimed run back: it stands where it stood before. */
export function release(queue: RunQueue, id: string): void {
  const entry = queue.entries.get(id);
  if (entry === undefined || entry.available) return;
  entry.available = true;
  insert(queue.available, entry.run.queue, entry);
}

/** Takes a run out: it has ended. */
export function leave(queue: RunQueue, id: string): void {
  const entry = queue.entries.get(id);
  if (entry === undefined) return;
  const { queue: name, workflowId, projectId } = entry.run;
  queue.entries.delete(id);
  remove(queue.workflows, workflowId, entry);
  if (entry.available) remove(queue.available, name, entry);
  if (queue.workflows.has(workflowId)) return;
  const workflows = queue.projects.get(projectId);
  workflows?.delete(workflowId);
  if (workflows?.size === 0) queue.projects.delete(projectId);
}

/** How many runs wait, in the queue named or in all. */
export function depth(queue: RunQueue, name?: string): number {
  if (name !== undefined) return queue.available.get(name)?.length ?? 0;
  let total = 0;
  for (const list of queue.available.values()) total += list.length;
  return total;
}
