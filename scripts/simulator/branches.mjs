// Which branches and effects of the worker's core and driver the worlds have taken.
import { equivalent } from "./equivalent.mjs";

const reasons = new Map(equivalent.flatMap(({ reason, sites }) => sites.map((s) => [s, reason])));

export function noneTaken() {
  return { yes: new Set(), no: new Set() };
}

/** Adds what another process took: keys of sites. */
export function addTaken(sum, taken) {
  for (const side of ["yes", "no"]) for (const key of taken[side]) sum[side].add(key);
}

/**
 * A condition has two branches, a `case` and an effect have one each. That a bug is thrown is no
 * branch that a world may take, and what may be absent is left to the mutants.
 */
function sidesOf({ kind, guardsThrow }) {
  if (kind === "absence") return [];
  if (kind !== "condition") return ["yes"];
  return guardsThrow ? ["no"] : ["yes", "no"];
}

/** What no world can take is written down with its reason in equivalent.mjs. */
export function judgeBranches(sites, taken) {
  let branches = 0;
  const untaken = [];
  for (const site of sites) {
    for (const side of sidesOf(site)) {
      branches += 1;
      if (taken[side].has(site.key) || reasons.has(site.key)) continue;
      untaken.push(site.kind === "condition" ? `${side}: ${site.key}` : site.key);
    }
  }
  return { branches, untaken };
}
