// Which branches and effects of the worker's core and driver the worlds have taken.
import { equivalent } from "./equivalent.mjs";

const reasons = new Map(equivalent.flatMap(({ reason, sites }) => sites.map((s) => [s, reason])));

/** Adds what another process counted. */
export function addCounts(sum, counts) {
  for (const side of ["yes", "no"]) {
    for (const [id, count] of Object.entries(counts[side])) {
      sum[side][id] = (sum[side][id] ?? 0) + count;
    }
  }
}

/** What the probes of this process have counted. */
export function takenHere() {
  const { yes, no } = globalThis.__probes;
  const counted = (list) =>
    Object.fromEntries([...list.entries()].filter(([, count]) => count > 0));
  return { yes: counted(yes), no: counted(no) };
}

/**
 * A condition has two branches, a `case` and an effect have one each. That a bug is thrown is no
 * branch that a world may take, and what may be absent is left to the mutants. What no world can
 * take is written down with its reason in equivalent.mjs.
 */
export function judgeBranches(sites, { yes, no }) {
  let branches = 0;
  const untaken = [];
  for (const { id, kind, key, guardsThrow } of sites) {
    if (kind === "absence") continue;
    const sides =
      kind !== "condition"
        ? [["", yes]]
        : [
            ["yes: ", yes],
            ["no: ", no],
          ];
    for (const [name, counts] of sides) {
      if (guardsThrow && counts === yes) continue;
      branches += 1;
      if ((counts[id] ?? 0) === 0 && !reasons.has(key)) untaken.push(`${name}${key}`);
    }
  }
  return { branches, untaken };
}
