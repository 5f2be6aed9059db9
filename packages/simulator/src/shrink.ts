import { runWorld } from "./run-world.ts";
import type { Scenario } from "./world/scenario.ts";

/** The scenario with one thing less in it, in every way that there is; the greatest steps first. */
function smaller(scenario: Scenario): readonly Scenario[] {
  const { rows, runs, configuration, timing } = scenario;
  const half = Math.ceil(rows.length / 2);
  const halves = rows.length > 1 ? [rows.slice(0, half), rows.slice(half)] : [];
  const groups = configuration.split(" ");
  return [
    ...[...halves, ...rows.map((row) => rows.filter((other) => other !== row))].map((rows) => ({
      ...scenario,
      rows,
    })),
    ...groups.map((group) => ({
      ...scenario,
      configuration: groups.filter((other) => other !== group).join(" "),
    })),
    ...[runs >> 1, runs - 1].map((runs) => ({ ...scenario, runs })),
    { ...scenario, healAtMs: scenario.healAtMs / 2 },
    { ...scenario, latencyMs: { from: 1, to: 1 } },
    { ...scenario, timing: { ...timing, backoffMaxMs: timing.backoffMinMs } },
    ...(["batchLogs", "shortTokens", "collections", "rollback", "checksTokens"] as const)
      .filter((name) => scenario[name])
      .map((name) => ({ ...scenario, [name]: false })),
  ].filter(
    (each) =>
      each.configuration !== "" &&
      each.runs > 0 &&
      each.healAtMs >= 1_000 &&
      JSON.stringify(each) !== JSON.stringify(scenario),
  );
}

/** A shrunk world has to be worth the wait. */
const MAX_TRIES = 400;

/**
 * The smallest world found in which the same invariant breaks; `undefined` where none breaks in
 * this one. `breaks` says which does: by default the number that the judges give.
 */
export async function shrink(
  scenario: Scenario,
  breaks: (scenario: Scenario) => Promise<number | undefined> = async (each) =>
    (await runWorld(each)).violation?.invariant,
): Promise<Scenario | undefined> {
  const broken = await breaks(scenario);
  if (broken === undefined) return undefined;
  let smallest = scenario;
  let tries = 0;
  for (let wasSmaller = true; wasSmaller && tries < MAX_TRIES; ) {
    wasSmaller = false;
    for (const candidate of smaller(smallest)) {
      tries += 1;
      if ((await breaks(candidate)) !== broken) continue;
      smallest = candidate;
      wasSmaller = true;
      break;
    }
  }
  return smallest;
}
