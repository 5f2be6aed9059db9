/** Something that will happen. Without an act it was taken back. */
interface Entry {
  readonly at: number;
  readonly order: number;
  act: (() => void) | undefined;
}

/** The only clock of a world: what is to happen, in order of time, and for equal times of entry. */
export interface Agenda {
  /** Milliseconds since the world began. */
  now(): number;
  /** @returns what takes it back */
  at(when: number, act: () => void): () => void;
  after(delayMs: number, act: () => void): () => void;
  /** Goes on to the next thing and does it; false where nothing is left. */
  next(): boolean;
  /** When the next thing happens, or infinity. */
  nextAt(): number;
}

export function createAgenda(): Agenda {
  const heap: Entry[] = [];
  let now = 0;
  let order = 0;

  const at = (when: number, act: () => void): (() => void) => {
    if (Number.isNaN(when)) throw new Error("something is to happen at no time");
    order += 1;
    const entry: Entry = { at: Math.max(now, when), order, act };
    push(heap, entry);
    return () => {
      entry.act = undefined;
    };
  };
  const dropTakenBack = (): void => {
    while (heap[0] !== undefined && heap[0].act === undefined) pop(heap);
  };
  return {
    now: () => now,
    at,
    after: (delayMs, act) => at(now + delayMs, act),
    next: () => {
      dropTakenBack();
      const entry = pop(heap);
      if (entry === undefined) return false;
      now = entry.at;
      entry.act?.();
      return true;
    },
    nextAt: () => {
      dropTakenBack();
      return heap[0]?.at ?? Number.POSITIVE_INFINITY;
    },
  };
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** A binary heap: the parent of place `i` stands at `(i - 1) / 2`. */
function push(heap: Entry[], entry: Entry): void {
  let place = heap.length;
  heap.push(entry);
  while (place > 0) {
    const above = (place - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || !isBefore(entry, parent)) break;
    heap[place] = parent;
    place = above;
  }
  heap[place] = entry;
}

function pop(heap: Entry[]): Entry | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let place = 0;
  for (;;) {
    const left = heap[2 * place + 1];
    const right = heap[2 * place + 2];
    if (left === undefined) break;
    const isRight = right !== undefined && isBefore(right, left);
    const child = isRight ? right : left;
    if (!isBefore(child, last)) break;
    heap[place] = child;
    place = 2 * place + (isRight ? 2 : 1);
  }
  heap[place] = last;
  return first;
}
