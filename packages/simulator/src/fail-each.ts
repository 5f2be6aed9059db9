import { runWorld, type Violation } from "./run-world.ts";
import { drawScenario } from "./world/draw-scenario.ts";
import { type FailingPort, failingPorts } from "./world/operations.ts";
import type { Scenario } from "./world/scenario.ts";

/** A world in which nothing goes wrong, and in which every kind of thing is done. */
export const representative: Scenario = {
  ...drawScenario(1),
  configuration: "fast_lane:1 manual>*:2",
  // Nothing strikes by itself. What fails may look to the worker like a lost socket or a wrong clock.
  rows: [6, 25],
  rate: 0,
  runs: 6,
  arrivalMs: 150,
  latencyMs: { from: 1, to: 8 },
  healAtMs: 20_000,
  checksTokens: true,
  shortTokens: false,
  polling: true,
  wakeUps: true,
  journal: "kept",
  drainMs: 5_000,
};

export interface Failures {
  readonly port: FailingPort;
  /** How many operations there are, each of which failed in a world of its own. */
  readonly operations: number;
  /** Steps of all these worlds. */
  readonly steps: number;
  readonly violations: readonly (Violation & { readonly n: number })[];
}

/**
 * Fails the n-th thing for every n: one world for each operation at each port. `share` of `of`
 * takes every `of`-th world, so that several processes can divide them.
 */
export async function failEach(share = 0, of = 1): Promise<readonly Failures[]> {
  const { operations } = await runWorld(representative);
  const all: Failures[] = [];
  for (const port of failingPorts) {
    const violations: Failures["violations"][number][] = [];
    let steps = 0;
    for (let n = 1 + share; n <= operations[port]; n += of) {
      const { violation, steps: lived } = await runWorld({
        ...representative,
        failAt: { port, n },
      });
      steps += lived;
      if (violation !== undefined) violations.push({ ...violation, n });
    }
    all.push({ port, operations: operations[port], steps, violations });
  }
  return all;
}
