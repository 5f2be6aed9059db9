import type {
  JournalEntry,
  JournalledRun,
  RandomState,
  TokenVerdict,
} from "@workloops/worker/core";
import { createDriver, type Driver } from "@workloops/worker/driver";
import type { Journal, Ports, Tokens } from "@workloops/worker/ports";
import { isRecord, own } from "@workloops/worker/protocol";
import { FOREIGN } from "../lightning/claim-exchange.ts";
import { type Chance, createChance } from "./chance.ts";
import { isKept, recoveredFrom } from "./disk.ts";
import { createEngine } from "./engine.ts";
import { openSocket } from "./network.ts";
import { createProcess, type WorkerProcess } from "./process.ts";
import { createSettlement } from "./settlement.ts";
import { EPOCH_MS, type World } from "./world.ts";

/** One life of the worker, from its start until it has ended or was killed. */
export interface Life {
  readonly process: WorkerProcess;
  readonly driver: Driver;
  /** Someone asks every lane to claim now. */
  claimNow(): void;
  /** SIGTERM. */
  terminate(): void;
  /** SIGTERM once more. */
  terminateAgain(): void;
}

/** Starts the shipping driver in a new process, with what the disk holds of the one before. */
export function startWorker(world: World): void {
  const { agenda, scenario, tell, settings } = world;
  world.lives += 1;
  const chance = createChance(scenario.seed, `life-${world.lives}`);
  const process = createProcess(world.lives, agenda, tell, world.operations, () =>
    bury(world, life, chance),
  );
  const begins = !chance.happens(STOPPED_BEFORE_START);
  let hasStopped = false;
  let isTold = false;
  const left = leftBehind(world);
  const recovered = left.lateMs === undefined ? left.runs : [];
  const ports = portsOf(world, process, recovered);
  const driver = createDriver(settings, seedOf(chance), ports, (_, effects) => {
    if (hasStopped && effects.length > 0) throw new Error("it has stopped and goes on to act");
    for (const effect of effects) {
      if (effect.type !== "stopped") continue;
      hasStopped = true;
      // Whoever waits for it is told in a microtask.
      world.held.count += 1;
      // What is still under way to it, it does not read any more.
      process.close();
      agenda.after(0, () => onStopped(effect.left));
    }
  });
  void driver.stopped.then(() => {
    isTold = true;
  });
  const onStopped = (left: readonly string[]): void => {
    world.held.count -= 1;
    // It may still have been killed between the effects of its last step.
    if (!process.isAlive()) return;
    if (!isTold) throw new Error("it has stopped, and whoever waits for it is not told");
    if (world.alarms > 0) throw new Error("it has stopped, and its alarm is set");
    process.exit();
    // Whoever asks a worker that has stopped gets nothing.
    driver.claimNow();
    if (begins) tell({ type: "process-stopped", process: process.number, left });
    bury(world, life, chance);
  };
  const life: Life = {
    process,
    driver,
    claimNow: () =>
      process.enter(() => {
        tell({ type: "told-to-claim" });
        driver.claimNow();
      }),
    terminate: () =>
      process.enter(() => {
        tell({ type: "sigterm", withinMs: scenario.drainMs });
        driver.drain(scenario.drainMs);
      }),
    terminateAgain: () =>
      process.enter(() => {
        tell({ type: "sigterm", withinMs: 0 });
        driver.stop();
      }),
  };
  world.life = life;
  world.alarms = 0;
  if (!begins) {
    process.enter(() => driver.drain(scenario.drainMs));
    return;
  }
  // Whoever may ask it to claim does not wait until it has begun.
  if (chance.happens(ASKED_BEFORE_START)) process.enter(() => driver.claimNow());
  tell({ type: "process-started", process: process.number });
  const give = (runs: readonly JournalledRun[], act: () => void): void =>
    process.enter(() => {
      tell({ type: "given-back", runs });
      act();
    });
  give(recovered, driver.start);
  const inherit = (runs: readonly JournalledRun[]): void => give(runs, () => driver.inherit(runs));
  // What was recovered at the start is known where it is told of again.
  if (left.lateMs === undefined) inherit(left.runs.slice(0, 1));
  else agenda.after(left.lateMs, () => inherit(left.runs));
}

/** How likely the one before still counts as alive at the start. */
const DEAD_AFTER_START = 0.4;

/** What the one before has left, and how long after the start it counts as dead. */
function leftBehind({ scenario, disk, lives }: World): {
  readonly lateMs: number | undefined;
  readonly runs: readonly JournalledRun[];
} {
  const chance = createChance(scenario.seed, `left-${lives}`);
  const runs = recoveredFrom(disk, scenario.journal);
  const isLate = chance.happens(DEAD_AFTER_START);
  // Soon enough for the first claims to be open, or when the worker has long been at work.
  const lateMs = chance.pick([0, chance.between(0, 50), chance.between(0, 500), 10_000]);
  return { lateMs: isLate ? lateMs : undefined, runs };
}

/** How likely a process is told to end before it has begun. */
const STOPPED_BEFORE_START = 0.02;

/** How likely a process is asked to claim before it has begun. */
const ASKED_BEFORE_START = 0.1;

/** A process has ended: its sockets go, and the next one is started. */
function bury(world: World, life: Life, chance: Chance): void {
  for (const connection of [...world.server.connections.keys()]) {
    if (connection.workerId === life.process.id) connection.cut("the worker's process has ended");
  }
  if (world.life === life) world.life = undefined;
  if (world.isClosing) world.isOver = true;
  else world.agenda.after(chance.between(50, 2_000), () => startWorker(world));
}

const HOUR_MS = 3_600_000;

/** How late an alarm that fails rings: the process is not scheduled before. */
const LATE_MS = 5_000;

function seedOf(chance: Chance): RandomState {
  const word = (): number => chance.below(2 ** 32);
  return [word(), word(), word(), word()];
}

function portsOf(world: World, process: WorkerProcess, recovered: readonly JournalledRun[]): Ports {
  const { agenda, tell, faults, held, plan, operations } = world;
  const wall = (): number => {
    const offMs = operations.fails("clock") ? HOUR_MS : world.clockOffsetMs;
    return EPOCH_MS + agenda.now() + offMs;
  };
  return {
    clock: {
      now: () => agenda.now(),
      wall,
      wakeAt: (at, wake) => setAlarm(world, process, at, wake),
    },
    transport: {
      open: (listener) => {
        process.boundary();
        return openSocket(world.network, process, listener);
      },
    },
    tokens: tokensOf(world, process, wall),
    journal: { ...journalOf(world, process), recovered: () => recovered },
    engine: createEngine({
      ...{ agenda, faults, tell, process, wall, held, operations },
      seed: world.scenario.seed,
      capacity: plan.capacity,
    }),
    log: (level, message, fields) => tell({ type: "log", level, message, fields }),
    observe: (observation) => tell({ type: "observe", observation }),
  };
}

/** Counts the alarms that are set: a worker needs one. */
function setAlarm(world: World, process: WorkerProcess, at: number, wake: () => void) {
  world.alarms += 1;
  let isSet = true;
  const due = Math.max(at, world.agenda.now());
  const unset = (): void => {
    if (isSet && world.life?.process === process) world.alarms -= 1;
    isSet = false;
  };
  const isLate = world.operations.fails("clock");
  const cancel = world.agenda.at(at, () => {
    unset();
    if (isLate) process.suspend(LATE_MS);
    process.enter(() => {
      if (world.agenda.now() - due > 1_000) world.tell({ type: "woken-late" });
      wake();
    }, true);
  });
  return () => {
    unset();
    cancel();
  };
}

/** Verifying takes its time, so that something else may come in between. */
function tokensOf(
  { agenda, server, scenario, tell }: World,
  process: WorkerProcess,
  wall: () => number,
): Tokens {
  const chanceOf = (run: string) => createChance(scenario.seed, `token/${run}`);
  const judge = (token: string, run: string): TokenVerdict => {
    const claims = server.tokens.get(token);
    if (!isRecord(claims)) return { ok: false, problem: "The token cannot be read." };
    const expiresAt = Number(own(claims, "exp")) * 1000;
    if (token.endsWith(FOREIGN))
      return { ok: false, problem: "The token has another's signature." };
    if (own(claims, "id") !== run) return { ok: false, problem: "The token is for another run." };
    if (expiresAt + 5_000 < wall()) return { ok: false, problem: "The token has expired." };
    return { ok: true, value: { expiresAt } };
  };
  return {
    check: (token, run) => {
      process.boundary();
      tell({ type: "token-asked", run });
      const settlement = createSettlement<TokenVerdict>(agenda);
      // Whoever verifies may be far away, and not be there.
      const slowest = scenario.journal === "slow" ? slowestOf(chanceOf(run)) : 5;
      const delayMs = scenario.checksTokens ? chanceOf(run).between(0.05, slowest) : 0;
      agenda.after(delayMs, () =>
        process.enter(() =>
          settlement.settle(
            scenario.checksTokens
              ? judge(token, run)
              : { ok: true, value: { expiresAt: undefined } },
          ),
        ),
      );
      return settlement.promise;
    },
  };
}

function slowestOf(chance: Chance): number {
  return chance.happens(0.03) ? 600_000 : chance.pick([5, 5, 5, 1_500]);
}

function journalOf(world: World, process: WorkerProcess): Omit<Journal, "recovered"> {
  const { agenda, disk, scenario, tell, operations } = world;
  const chanceOf = (run: string) => createChance(scenario.seed, `journal/${run}`);
  return {
    append: (entry: JournalEntry) => {
      process.boundary();
      const settlement = createSettlement<void>(agenda);
      disk.isFull ||= operations.fails("journal");
      tell({ type: "journal", entry });
      if (isKept(scenario.journal) && !disk.isFull) disk.entries.push(entry);
      // Written is safe from a kill; a batch that is also safe from a power cut takes a while.
      const slowest = scenario.journal === "slow" && chanceOf(entry.run).happens(0.2) ? 9_000 : 3;
      const delayMs = isKept(scenario.journal) ? chanceOf(entry.run).between(0.1, slowest) : 0;
      agenda.after(delayMs, () => process.enter(() => settlement.settle()));
      process.boundary();
      return settlement.promise;
    },
    problem: () => (disk.isFull ? "the disk is full" : undefined),
  };
}
