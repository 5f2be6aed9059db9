/** Lines that stay, go or come, in order. */
export interface LineChange {
  readonly kind: "same" | "removed" | "added";
  readonly line: string;
}

/** Beyond so many differing lines the whole middle is shown as replaced. */
const mostDifferences = 1000;

/** The shortest way from one list of lines to another (Myers, An O(ND) Difference Algorithm). */
export function lineDiff(before: readonly string[], after: readonly string[]): LineChange[] {
  const trace: Map<number, number>[] = [];
  let furthest = new Map<number, number>([[1, 0]]);
  const most = Math.min(before.length + after.length, mostDifferences);
  for (let d = 0; d <= most; d += 1) {
    trace.push(furthest);
    const next = new Map<number, number>();
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && reach(furthest, k - 1) < reach(furthest, k + 1));
      let x = down ? reach(furthest, k + 1) : reach(furthest, k - 1) + 1;
      while (x < before.length && x - k < after.length && before[x] === after[x - k]) x += 1;
      next.set(k, x);
      if (x >= before.length && x - k >= after.length) return walkBack(before, after, trace);
    }
    furthest = next;
  }
  return [
    ...before.map((line): LineChange => ({ kind: "removed", line })),
    ...after.map((line): LineChange => ({ kind: "added", line })),
  ];
}

const reach = (furthest: ReadonlyMap<number, number>, k: number) => furthest.get(k) ?? -1;

function walkBack(
  before: readonly string[],
  after: readonly string[],
  trace: readonly ReadonlyMap<number, number>[],
): LineChange[] {
  const found: LineChange[] = [];
  let x = before.length;
  let y = after.length;
  for (let d = trace.length - 1; d >= 0; d -= 1) {
    const furthest = trace[d] ?? new Map<number, number>();
    const k = x - y;
    const down = k === -d || (k !== d && reach(furthest, k - 1) < reach(furthest, k + 1));
    const fromX = d === 0 ? 0 : reach(furthest, down ? k + 1 : k - 1);
    const fromY = d === 0 ? 0 : fromX - (down ? k + 1 : k - 1);
    while (x > fromX && y > fromY) {
      x -= 1;
      y -= 1;
      found.push({ kind: "same", line: before[x] ?? "" });
    }
    if (d === 0) break;
    if (down) found.push({ kind: "added", line: after[fromY] ?? "" });
    else found.push({ kind: "removed", line: before[fromX] ?? "" });
    x = fromX;
    y = fromY;
  }
  return found.reverse();
}
