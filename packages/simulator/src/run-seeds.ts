import type { ClaimedAgain } from "./judge/claiming.ts";
import { type Outcome, runWorld } from "./run-world.ts";
import { drawScenario } from "./world/draw-scenario.ts";

/** What many worlds come to. */
export interface Tally {
  worlds: number;
  steps: number;
  /** Runs that a worker ended. */
  completed: number;
  /** Runs handed out in replies that no worker read. */
  grantsLost: number;
  /** How often each row of the matrix struck. */
  readonly fired: Record<number, number>;
  /** Lanes that claimed after a reconnect, and how long the slowest took. */
  readonly claimedAgain: ClaimedAgain;
  readonly failed: { readonly seed: number; readonly invariant: number; readonly detail: string }[];
}

export function emptyTally(): Tally {
  return {
    worlds: 0,
    steps: 0,
    completed: 0,
    grantsLost: 0,
    fired: {},
    claimedAgain: { count: 0, maxMs: 0 },
    failed: [],
  };
}

function addOutcome(tally: Tally, outcome: Outcome): void {
  tally.worlds += 1;
  tally.steps += outcome.steps;
  tally.completed += outcome.completed;
  tally.grantsLost += outcome.grantsLost;
  for (const [row, count] of outcome.fired) tally.fired[row] = (tally.fired[row] ?? 0) + count;
  addClaimedAgain(tally, outcome.claimedAgain);
  const { violation, scenario } = outcome;
  if (violation === undefined) return;
  const { invariant, detail } = violation;
  tally.failed.push({ seed: scenario.seed, invariant, detail });
}

function addClaimedAgain({ claimedAgain }: Tally, { count, maxMs }: ClaimedAgain): void {
  claimedAgain.count += count;
  claimedAgain.maxMs = Math.max(claimedAgain.maxMs, maxMs);
}

/** Adds the counts of `other`, as of another process. */
export function mergeTally(tally: Tally, other: Tally): void {
  tally.worlds += other.worlds;
  tally.steps += other.steps;
  tally.completed += other.completed;
  tally.grantsLost += other.grantsLost;
  for (const [row, count] of Object.entries(other.fired)) {
    tally.fired[Number(row)] = (tally.fired[Number(row)] ?? 0) + count;
  }
  addClaimedAgain(tally, other.claimedAgain);
  tally.failed.push(...other.failed);
}

/** Lives through the worlds of these seeds, one after the other. */
export async function runSeeds(seeds: Iterable<number>): Promise<Tally> {
  const tally = emptyTally();
  for (const seed of seeds) addOutcome(tally, await runWorld(drawScenario(seed)));
  return tally;
}
