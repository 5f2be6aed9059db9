/**
 * The name that a misspelt one was probably meant to be; undefined where none is near. The
 * language has the same question with other rules, but its package would cost the main
 * bundle a third of its start.
 */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.floor(name.length / 3) + 2;
  for (const candidate of names) {
    const distance = candidate.startsWith(name) ? 1 : edits(name, candidate);
    if (distance < least) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

/** Insertions, deletions and substitutions between two names. */
function edits(a: string, b: string): number {
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, swap));
    }
    last = row;
  }
  return last[b.length] ?? 0;
}
