import type { ClaimOutcome, Observation } from "../../packages/worker/src/core/effect.ts";
import type { WorkerSnapshot } from "../../packages/worker/src/core/index.ts";
import { createMetrics } from "../../packages/worker/src/ops/metrics.ts";

export interface Metric {
  readonly type: string;
  readonly help: string;
  readonly labels: readonly string[];
}

/** Every outcome of a claim; one that is added or renamed does not compile here. */
const claimOutcomes: Readonly<Record<ClaimOutcome, true>> = {
  granted: true,
  empty: true,
  refused: true,
  unanswered: true,
  lost: true,
};

/** Values that a label can have, by metric and label. */
export const labelValues: Readonly<Record<string, readonly string[]>> = {
  "workloops_claims_total outcome": Object.keys(claimOutcomes),
  "workloops_runs_total outcome": ["success", "fail", "crash", "kill", "exception", "lost"],
};

const lane: WorkerSnapshot["lanes"][number] = {
  chain: "fast_lane",
  mode: "strict",
  capacity: 1,
  active: 1,
  permitted: 0,
  openClaimMs: null,
  free: 0,
  surplus: 0,
  runs: [],
  lastClaim: null,
  nextClaimInMs: null,
  whyNotClaiming: null,
};

const seen: WorkerSnapshot = {
  mode: "working",
  socket: "open",
  joined: true,
  capacity: 1,
  active: 1,
  ending: 0,
  lanes: [lane],
};

/** One of each, so that every series is there. */
const observations: readonly Observation[] = [
  { type: "claim", lane: 0, outcome: "granted", runs: 1, tookMs: 1 },
  { type: "late-reply", lane: 0, runs: 1 },
  { type: "run-started", lane: 0, sinceClaimMs: 1 },
  { type: "run-ended", lane: 0, outcome: "success", tookMs: 1 },
  { type: "joined", again: true },
  { type: "disconnected" },
  { type: "drain", state: "begun", left: 0 },
];

/** What the worker exposes, by name, read from what a scraper would read. */
export async function exposition(): Promise<ReadonlyMap<string, Metric>> {
  const metrics = createMetrics(["fast_lane"], "0.0.0", () => seen);
  for (const observation of observations) metrics.observe(observation);
  const text = await metrics.text();
  const found = new Map<string, Metric>();
  for (const [, name = "", help = ""] of text.matchAll(/^# HELP (\S+) (.*)$/gm)) {
    const type = new RegExp(`^# TYPE ${name} (\\w+)$`, "m").exec(text)?.[1] ?? "";
    const labels = new Set<string>();
    for (const [, list = ""] of text.matchAll(
      new RegExp(`^${name}(?:_bucket)?\\{([^}]*)\\}`, "gm"),
    ))
      for (const [, label = ""] of list.matchAll(/(\w+)="/g)) if (label !== "le") labels.add(label);
    found.set(name, { type, help, labels: [...labels] });
  }
  return found;
}
