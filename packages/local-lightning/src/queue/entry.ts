/** What the queue has to know of a run. */
export interface QueuedRun {
  readonly id: string;
  /** `default`, `fast_lane` or `manual`. */
  readonly queue: string;
  readonly workflowId: string;
  readonly projectId: string;
  /** The smaller goes first, before the time of arrival is looked at. */
  readonly priority: number;
  /** Microseconds since the epoch. */
  readonly insertedAt: number;
  /** How many runs of the workflow may be in progress at once; null: the project's limit counts. */
  readonly workflowConcurrency: number | null;
  /** How many runs of the project may be in progress at once; null: any number. */
  readonly projectConcurrency: number | null;
}

/** A run in the queue with its place in the order. */
export interface Entry {
  readonly run: QueuedRun;
  /** Arrival at this queue: it decides between runs of the same microsecond. */
  readonly arrival: number;
  /** False while a worker has it. */
  available: boolean;
}

/** First in, first out, by priority. Source: protocol page, section 3.3. */
export function byBaseOrder(a: Entry, b: Entry): number {
  return a.run.priority - b.run.priority || byAge(a, b);
}

export function byAge(a: Entry, b: Entry): number {
  return a.run.insertedAt - b.run.insertedAt || a.arrival - b.arrival;
}

/** Where `entry` stands, or would stand, in a list sorted by base order. */
export function placeOf(list: readonly Entry[], entry: Entry): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = list[middle];
    if (other !== undefined && byBaseOrder(other, entry) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function insert(lists: Map<string, Entry[]>, name: string, entry: Entry): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [entry]);
  else list.splice(placeOf(list, entry), 0, entry);
}

export function remove(lists: Map<string, Entry[]>, name: string, entry: Entry): void {
  const list = lists.get(name);
  if (list === undefined) return;
  const place = placeOf(list, entry);
  if (list[place] !== entry) return;
  // Most runs leave from the front, where taking one off moves nothing.
  if (place === 0) list.shift();
  else list.splice(place, 1);
  if (list.length === 0) lists.delete(name);
}
