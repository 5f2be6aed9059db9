import { createQueue, type RunQueue } from "../queue.ts";
import type { RunRecord } from "./run-record.ts";
import { createViolationLog, type ViolationLog } from "./violation.ts";

export interface LedgerSettings {
  /** How many runs of one workflow a claim can see (PER_WORKFLOW_CLAIM_LIMIT). */
  readonly perWorkflowLimit: number;
  /** How long a run may take (WORKER_MAX_RUN_DURATION_SECONDS). */
  readonly runTimeoutMs: number;
  /** Added to the timeout for token expiry and lost runs (RUN_GRACE_PERIOD_SECONDS). */
  readonly graceSeconds: number;
  /** What a step id or dataclip id that is there already does. Lightning has done both. */
  readonly keyClash: "error" | "crash";
  /** Runs held; beyond it the runs that ended first are forgotten. */
  readonly runsKept: number;
  readonly logLinesKeptPerRun: number;
  /** Text (plan, input, logs, dataclips, final state) held for one run; what is over it is answered and not kept. */
  readonly charactersKeptPerRun: number;
  /** The same for all runs; beyond it the runs that ended first are forgotten. */
  readonly charactersKept: number;
  readonly stepsPerRun: number;
  readonly eventsKeptPerRun: number;
}

export const defaultLedgerSettings: LedgerSettings = {
  perWorkflowLimit: 50,
  runTimeoutMs: 300_000,
  graceSeconds: 10,
  keyClash: "error",
  // A small run that has ended is about 5 KB here: all of them together a quarter of a gigabyte.
  runsKept: 50_000,
  logLinesKeptPerRun: 10_000,
  // Nine payloads of the largest frame (11 MB), and of those again five.
  charactersKeptPerRun: 100_000_000,
  charactersKept: 500_000_000,
  stepsPerRun: 10_000,
  eventsKeptPerRun: 1_000,
};

/** What a worker said of itself when it joined `worker:queue`. */
export interface WorkerRecord {
  readonly id: string;
  readonly capacity: number;
  /** Slots by chain, the names joined by `>`. */
  readonly slots: ReadonlyMap<string, number>;
  /** Microseconds since the epoch. */
  readonly joinedAt: number;
}

/**
 * A Lightning's memory: its runs, its queue, and what workers did that they must not. Plain
 * data, changed in place by the functions of `run-ledger.ts`.
 */
export interface Ledger {
  readonly settings: LedgerSettings;
  readonly queue: RunQueue;
  /** In order of arrival. */
  readonly runs: Map<string, RunRecord>;
  /** Runs that ended, in the order of their ends, so that the oldest can be forgotten. */
  readonly ended: Set<string>;
  readonly endedWithOpenSteps: Set<string>;
  readonly workers: Map<string, WorkerRecord>;
  /** The runs that are started and not ended, by worker. */
  readonly started: Map<string, Set<RunRecord>>;
  /** Ids of steps and dataclips, which no two may share. */
  readonly usedIds: Set<string>;
  readonly violations: ViolationLog;
  /** The sum over all runs. */
  keptCharacters: number;
  readonly counts: {
    claims: number;
    emptyClaims: number;
    granted: number;
    /** Runs granted in replies that were never sent. */
    grantsLost: number;
    released: number;
    /** Events that came a second time and did no harm. */
    resent: number;
    refused: number;
    lost: number;
    forgotten: number;
  };
}

/** @param settings what differs from `defaultLedgerSettings`; anything else in it is not taken along */
export function createLedger(settings: Partial<LedgerSettings> = {}): Ledger {
  const all = takeSettings(settings);
  return {
    settings: all,
    queue: createQueue(all.perWorkflowLimit),
    runs: new Map(),
    ended: new Set(),
    endedWithOpenSteps: new Set(),
    workers: new Map(),
    started: new Map(),
    usedIds: new Set(),
    violations: createViolationLog(),
    keptCharacters: 0,
    counts: {
      claims: 0,
      emptyClaims: 0,
      granted: 0,
      grantsLost: 0,
      released: 0,
      resent: 0,
      refused: 0,
      lost: 0,
      forgotten: 0,
    },
  };
}

/** The run of a queue's entry. What is queued is never forgotten, so it is always there. */
export function queuedRun(ledger: Ledger, id: string): RunRecord {
  const run = ledger.runs.get(id);
  if (run === undefined) throw new Error(`run ${id} is queued but not in the ledger`);
  return run;
}

function takeSettings(given: Partial<LedgerSettings>): LedgerSettings {
  const base = defaultLedgerSettings;
  return {
    perWorkflowLimit: given.perWorkflowLimit ?? base.perWorkflowLimit,
    runTimeoutMs: given.runTimeoutMs ?? base.runTimeoutMs,
    graceSeconds: given.graceSeconds ?? base.graceSeconds,
    keyClash: given.keyClash ?? base.keyClash,
    runsKept: given.runsKept ?? base.runsKept,
    logLinesKeptPerRun: given.logLinesKeptPerRun ?? base.logLinesKeptPerRun,
    charactersKept: given.charactersKept ?? base.charactersKept,
    charactersKeptPerRun: given.charactersKeptPerRun ?? base.charactersKeptPerRun,
    stepsPerRun: given.stepsPerRun ?? base.stepsPerRun,
    eventsKeptPerRun: given.eventsKeptPerRun ?? base.eventsKeptPerRun,
  };
}
