import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { ClaimOutcome, Observation, WorkerSnapshot } from "../core/index.ts";

export interface Metrics {
  readonly observe: (observation: Observation) => void;
  /** The text that scrapers read. */
  readonly text: () => Promise<string>;
  readonly contentType: string;
}

const CLAIM_SECONDS = [0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 20];
const START_SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const RUN_SECONDS = [0.1, 0.5, 1, 5, 15, 30, 60, 120, 300, 600, 1_800];

/** Every value of the label `outcome`, so that a series is there, at 0, before its first event. */
const claimOutcomes: Readonly<Record<ClaimOutcome, 0>> = {
  granted: 0,
  empty: 0,
  refused: 0,
  unanswered: 0,
  lost: 0,
};
const runOutcomes = ["success", "fail", "crash", "kill", "exception", "lost"];

/** Lanes as labels: their chains; a chain that is there twice is told apart by its place. */
function laneLabels(chains: readonly string[]): readonly string[] {
  return chains.map((chain, index) =>
    chains.indexOf(chain) === index ? chain : `${chain}#${index + 1}`,
  );
}

/** What is counted as it happens; the names are an API: dashboards and alerts hold them. */
function eventMetrics(registers: Registry[]) {
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `workloops_${name}`, help, labelNames, registers });
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({
      name: `workloops_${name}`,
      help,
      buckets,
      labelNames: ["lane"],
      registers,
    });
  const outcomes = ["lane", "outcome"];
  return {
    claims: counter("claims_total", "Claims that ended, by outcome.", outcomes),
    claimed: counter("claimed_runs_total", "Runs that claims brought.", ["lane"]),
    late: counter("late_claim_runs_total", "Runs in claim replies that came too late.", ["lane"]),
    claimSeconds: histogram("claim_seconds", "From a claim to its end.", CLAIM_SECONDS),
    startSeconds: histogram(
      "claim_to_start_seconds",
      "From the grant of a run to its start.",
      START_SECONDS,
    ),
    runs: counter("runs_total", "Runs that ended, by exit reason; lost: not reported.", outcomes),
    runSeconds: histogram("run_seconds", "From the grant of a run to its end.", RUN_SECONDS),
    reconnects: counter("reconnects_total", "Times that the queue was joined again."),
    disconnects: counter("disconnects_total", "Times that an open socket was lost."),
  };
}

/** A rate over a series that begins with its first event misses that event. */
function zero(metrics: ReturnType<typeof eventMetrics>, lanes: readonly string[]): void {
  const { claims, claimed, late, claimSeconds, startSeconds, runs, runSeconds } = metrics;
  for (const lane of lanes) {
    for (const outcome of Object.keys(claimOutcomes)) claims.inc({ lane, outcome }, 0);
    for (const outcome of runOutcomes) runs.inc({ lane, outcome }, 0);
    for (const one of [claimed, late]) one.inc({ lane }, 0);
    for (const one of [claimSeconds, startSeconds, runSeconds]) one.zero({ lane });
  }
}

/** Labels: lanes, outcomes, nothing else. */
export function createMetrics(
  chains: readonly string[],
  version: string,
  snapshot: () => WorkerSnapshot,
): Metrics {
  const registry = new Registry();
  const labels = laneLabels(chains);
  gauges(registry, labels, version, snapshot);
  const metrics = eventMetrics([registry]);
  zero(metrics, labels);
  const { claims, claimed, late, claimSeconds, startSeconds, runs, runSeconds } = metrics;
  const lane = (index: number): string => labels[index] ?? "";
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    observe(seen) {
      switch (seen.type) {
        case "claim":
          claims.inc({ lane: lane(seen.lane), outcome: seen.outcome });
          claimed.inc({ lane: lane(seen.lane) }, seen.runs);
          claimSeconds.observe({ lane: lane(seen.lane) }, seen.tookMs / 1_000);
          return;
        case "late-reply":
          late.inc({ lane: lane(seen.lane) }, seen.runs);
          return;
        case "run-started":
          startSeconds.observe({ lane: lane(seen.lane) }, seen.sinceClaimMs / 1_000);
          return;
        case "run-ended":
          runs.inc({ lane: lane(seen.lane), outcome: seen.outcome });
          runSeconds.observe({ lane: lane(seen.lane) }, seen.tookMs / 1_000);
          return;
        case "joined":
          if (seen.again) metrics.reconnects.inc();
          return;
        case "disconnected":
          metrics.disconnects.inc();
          return;
        case "drain":
          return;
      }
    },
  };
}

/** What is read from the worker's state when a scraper asks. */
function gauges(
  registry: Registry,
  labels: readonly string[],
  version: string,
  snapshot: () => WorkerSnapshot,
): void {
  const lanes = (
    name: string,
    help: string,
    read: (lane: WorkerSnapshot["lanes"][number]) => number,
  ) =>
    new Gauge({
      name: `workloops_${name}`,
      help,
      labelNames: ["lane"],
      registers: [registry],
      collect() {
        for (const [index, lane] of snapshot().lanes.entries()) {
          this.set({ lane: labels[index] ?? "" }, read(lane));
        }
      },
    });
  const single = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `workloops_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  lanes("lane_slots", "Runs that the lane may hold at once.", (lane) => lane.capacity);
  lanes("lane_slots_used", "Slots that hold a run.", (lane) => lane.active);
  lanes("lane_slots_free", "Slots that hold neither a run nor an open claim.", (lane) => lane.free);
  lanes("lane_surplus_runs", "Runs that came unasked and wait for a slot.", (lane) => lane.surplus);
  single("connected", "1 while the queue is joined.", () => Number(snapshot().joined));
  single("draining", "1 while the worker finishes what it holds.", () =>
    Number(["draining", "ending"].includes(snapshot().mode)),
  );
  single("resident_memory_bytes", "Memory of the main process.", () => process.memoryUsage.rss());
  new Gauge({
    name: "workloops_build_info",
    help: "The version of the worker.",
    labelNames: ["version"],
    registers: [registry],
  }).set({ version }, 1);
}
