/**
 * Which of the queues present a claim takes from, in tiers: all runs of one tier go before
 * all of the next, and inside a tier only the base order counts. Without `*` there is one
 * tier of the queues named (their order means nothing); with `*` there is one for each
 * position, a queue not named standing where the first `*` stands.
 * Source: protocol page, section 3.2.
 */
export function claimTiers(
  wanted: readonly string[],
  present: Iterable<string>,
): readonly (readonly string[])[] {
  const star = wanted.indexOf("*");
  const tiers = new Map<number, string[]>();
  for (const name of present) {
    // A queue that is itself called "*" cannot exist: runs are only made in the three queues.
    const named = wanted.indexOf(name);
    if (star === -1 && named === -1) continue;
    const tier = star === -1 ? 0 : named === -1 ? star : named;
    const names = tiers.get(tier);
    if (names === undefined) tiers.set(tier, [name]);
    else names.push(name);
  }
  return [...tiers.entries()].sort(([a], [b]) => a - b).map(([, names]) => names);
}
