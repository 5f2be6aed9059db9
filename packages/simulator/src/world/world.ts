import {
  addRun,
  createLedger,
  type Ledger,
  type Moment,
} from "@workloops/local-lightning/run-ledger";
import { type Plan, parse, plan } from "@workloops/parser";
import { type CoreSettings, defaultSettings, type Limits } from "@workloops/worker/core";
import { acceptor } from "../lightning/accept.ts";
import { type Server, sweep } from "../lightning/server.ts";
import { wakeWorkers } from "../lightning/wake-workers.ts";
import { type Agenda, createAgenda } from "./agenda.ts";
import { createChance } from "./chance.ts";
import type { Disk } from "./disk.ts";
import type { Fact, Tell } from "./fact.ts";
import { createFaults, type Faults } from "./faults.ts";
import { haunt } from "./gremlin.ts";
import { drawRun } from "./load.ts";
import type { Network } from "./network.ts";
import { createOperations, type Operations } from "./operations.ts";
import { GRACE_SECONDS } from "./patience.ts";
import type { Scenario } from "./scenario.ts";
import { type Life, startWorker } from "./worker-life.ts";

/** When the worlds begin, in milliseconds since the epoch. */
export const EPOCH_MS = Date.UTC(2030, 0, 1);

export const COLLECTIONS = { url: "http://localhost/collections", version: "1.0.0" };

export const BATCHES = { limit: 8, intervalMs: 10 } as const;

/** Told to engines in worlds with collections. */
export const PROFILE_POLL_MS = 25;

const JANITOR_MS = 60_000;

/** Small enough that a world comes to each of them. */
export const WORLD_LIMITS: Limits = {
  textBytes: 3_000,
  busyEvents: 50,
  busyBytes: 40_000,
  floodFactor: 4,
  batchBytes: 2_000,
  unwantedRuns: 10,
};

/** The server and the worker, the network between them, and what outlives a process. */
export interface World {
  readonly scenario: Scenario;
  readonly plan: Plan;
  readonly settings: CoreSettings;
  readonly agenda: Agenda;
  readonly faults: Faults;
  readonly operations: Operations;
  readonly tell: Tell;
  readonly ledger: Ledger;
  readonly server: Server;
  readonly network: Network;
  readonly disk: Disk;
  /** How far the worker's wall clock is off. */
  clockOffsetMs: number;
  /** The process that runs now. */
  life: Life | undefined;
  lives: number;
  runsToCome: number;
  /** True once the last process is asked to end. */
  isClosing: boolean;
  isOver: boolean;
  /** Alarms that the process has set. */
  alarms: number;
  /** Engines that wait for a microtask. */
  readonly held: { count: number };
}

/** Makes the world of a scenario. `see` is told everything that happens; `accuse` what must not. */
export function createWorld(
  scenario: Scenario,
  see: (fact: Fact) => void,
  accuse: (detail: string) => void,
): World {
  const agenda = createAgenda();
  const chance = (stream: string) => createChance(scenario.seed, stream);
  const planned = planOf(scenario);
  const tell: Tell = see;
  const faults = createFaults(scenario, chance("faults"), tell);
  const ledger = createLedger({ keyClash: scenario.keyClash, graceSeconds: GRACE_SECONDS });
  const server: Server = {
    ...{ ledger, scenario, agenda, faults, tell, accuse },
    chance: chance("server"),
    moment: momentOf(agenda),
    tokens: new Map(),
    connections: new Map(),
    waking: new Set(),
    refusals: new Map(),
    stuck: new Set(),
    deafUntil: new Map(),
    given: [],
    terminate: () => {
      world.life?.terminate();
      if (faults.strikes(25, "the process sleeps past its time to drain", 2)) {
        world.life?.process.suspend(scenario.drainMs + 500);
      }
    },
  };
  const operations = createOperations(scenario.failAt);
  const network: Network = {
    ...{ agenda, tell, faults, operations },
    chance: chance("network"),
    latencyMs: scenario.latencyMs,
    acceptor: acceptor(server),
    awayUntil: 0,
    slowUntil: 0,
    sockets: 0,
  };
  const world: World = {
    ...{ scenario, plan: planned, agenda, faults, operations, tell, ledger, server, network },
    settings: settingsOf(scenario, planned),
    disk: { entries: [], isFull: scenario.journal === "full" },
    clockOffsetMs: 0,
    life: undefined,
    lives: 0,
    runsToCome: scenario.runs,
    isClosing: false,
    isOver: false,
    alarms: 0,
    held: { count: 0 },
  };
  startWorker(world);
  queueRuns(world);
  haunt(world);
  sweepForEver(world);
  agenda.at(scenario.healAtMs, () => faults.heal());
  return world;
}

function planOf({ configuration }: Scenario): Plan {
  const { tree, diagnostics } = parse(configuration);
  const error = diagnostics.find(({ severity }) => severity === "error");
  if (error !== undefined) throw new Error(`${configuration}: ${error.message}`);
  return plan(tree);
}

function settingsOf(scenario: Scenario, { groups, join }: Plan): CoreSettings {
  return {
    ...defaultSettings,
    ...scenario.timing,
    lanes: groups.map(({ queues, capacity }) => ({ queues, capacity })),
    join,
    resendDelayMs: scenario.resendDelayMs,
    polling: scenario.polling,
    limits: WORLD_LIMITS,
    ...(scenario.collections && {
      collections: COLLECTIONS,
      run: { ...defaultSettings.run, profilePollMs: PROFILE_POLL_MS },
    }),
    ...(scenario.batchLogs && { batchLogs: BATCHES }),
  };
}

/** The server's clock is right; only the worker's may jump. */
function momentOf(agenda: Agenda, series = "0"): () => Moment {
  let ids = 0;
  const newId = (): string => {
    ids += 1;
    return `${series}0000000-0000-4000-8000-${ids.toString(16).padStart(12, "0")}`;
  };
  return () => ({ now: Math.round((EPOCH_MS + agenda.now()) * 1000), newId });
}

function queueRuns(world: World): void {
  const { agenda, scenario, server, ledger, tell } = world;
  const chance = createChance(scenario.seed, "load");
  // Ids of their own, so that what is logged elsewhere changes no run's id.
  const moment = momentOf(agenda, "1");
  const queueOne = (): void => {
    const run = addRun(ledger, drawRun(chance), moment());
    world.runsToCome -= 1;
    tell({ type: "queued", run: run.id, queue: run.queued.queue });
    wakeWorkers(server);
    if (world.runsToCome > 0) agenda.after(chance.between(0, 2 * scenario.arrivalMs), queueOne);
  };
  agenda.after(chance.between(0, 2_000), queueOne);
}

function sweepForEver(world: World): void {
  world.agenda.after(JANITOR_MS, () => {
    sweep(world.server);
    if (!world.isOver) sweepForEver(world);
  });
}
