import { QUEUE_TOPIC } from "@workloops/worker/protocol";
import { runWorld } from "./run-world.ts";
import { drawScenario } from "./world/draw-scenario.ts";
import type { Fact } from "./world/fact.ts";
import type { Scenario } from "./world/scenario.ts";

/** Faults of a lane: what strikes its claims, its runs and their children, and not the connection. */
const rowsOfALane = [1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15, 16, 20, 21, 22, 23, 24, 28];

/** The lane that is struck, and the one that must not notice. */
const STRUCK = "fast_lane";
const OTHER = "manual>default";

/**
 * Invariant 4: one lane's fault changes no other lane's claims. The same world is lived twice,
 * once with faults at every turn of one lane and once without any; the other lane must claim the
 * same at the same times, to the last digit.
 */
export async function compareLanes(
  seed: number,
): Promise<{ readonly quiet: readonly string[]; readonly struck: readonly string[] }> {
  const scenario: Scenario = {
    ...drawScenario(seed),
    configuration: `${STRUCK}:2 ${OTHER}:3`,
    rows: rowsOfALane,
    aimedAt: STRUCK,
    rate: 0,
    // Without draws that both lanes share, every difference has another cause.
    latencyMs: { from: 3, to: 3 },
    journal: "kept",
    runs: 80,
    arrivalMs: 150,
  };
  // Short and even waits: there is much to compare, and none is drawn.
  const waits = { backoffMinMs: 100, backoffMaxMs: 100 };
  const even = { ...scenario, timing: { ...scenario.timing, ...waits } };
  const lived = async (rate: number): Promise<readonly string[]> => {
    const claims: string[] = [];
    const last = { at: 0 };
    await runWorld({ ...even, rate }, (atMs, fact) => {
      // Once all runs are queued and done, the worlds end when they like.
      if (fact.type === "queued") last.at = atMs;
      const claim = claimOf(fact);
      if (claim !== undefined) claims.push(`${atMs.toFixed(3)} ${claim}`);
    });
    return claims.filter((claim) => Number.parseFloat(claim) <= last.at);
  };
  return { quiet: await lived(0), struck: await lived(0.3) };
}

function claimOf(fact: Fact): string | undefined {
  if (fact.type === "granted" && fact.chain === OTHER) return `granted ${fact.runs.join(" ")}`;
  if (fact.type !== "sent" || fact.frame.topic !== QUEUE_TOPIC) return undefined;
  if (fact.frame.event !== "claim") return undefined;
  const { demand, queues } = fact.frame.payload as { demand: number; queues: readonly string[] };
  return queues.join(">") === OTHER ? `claims ${demand}` : undefined;
}
