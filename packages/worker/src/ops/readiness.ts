import type { WorkerSnapshot } from "../core/index.ts";

/** A claim that is open so long means that the lane does not get what it asks for. */
const SLOW_CLAIM_MS = 10_000;

export interface Readiness {
  readonly ready: boolean;
  /** Why not; and what is no reason, but should be known. */
  readonly reasons: readonly string[];
  readonly notes: readonly string[];
}

/** Joined, and each lane able to claim. A full lane is ready; a worker that drains is not. */
export function readiness(
  { mode, joined, lanes }: WorkerSnapshot,
  journalNotes: readonly string[],
): Readiness {
  const reasons: string[] = [];
  if (mode !== "working") reasons.push(`the worker is ${mode}`);
  else if (!joined) reasons.push("the worker has not joined Lightning's queue");
  else {
    for (const lane of lanes) {
      const problem = laneProblem(lane);
      if (problem !== undefined) reasons.push(`lane ${lane.chain}: ${problem}`);
    }
  }
  const notes = journalNotes.map((note) => `journal: ${note}`);
  return { ready: reasons.length === 0, reasons, notes };
}

function laneProblem(lane: WorkerSnapshot["lanes"][number]): string | undefined {
  if (lane.openClaimMs !== null && lane.openClaimMs > SLOW_CLAIM_MS) {
    return `its claim is unanswered for ${Math.floor(lane.openClaimMs / 1_000)} s`;
  }
  if (lane.lastClaim?.outcome === "refused") return "its last claim was refused";
  if (lane.lastClaim?.outcome === "unanswered") return "its last claim was not answered";
  return undefined;
}
