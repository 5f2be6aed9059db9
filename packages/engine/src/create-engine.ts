import { realpathSync } from "node:fs";
import { adaptorPlaces } from "./adaptors/adaptor-places.ts";
import { createInstaller } from "./adaptors/installer.ts";
import { neededPackages } from "./adaptors/needed-packages.ts";
import { createPacks } from "./adaptors/packs.ts";
import { preparePlan } from "./adaptors/prepare-plan.ts";
import { createCompileCache } from "./compile-cache.ts";
import type { Engine, EngineOptions, RunningPlan } from "./engine.ts";
import type { Child } from "./pool/child-process.ts";
import { findChild } from "./pool/find-child.ts";
import { memoryWatch } from "./pool/memory-watch.ts";
import { packInChild } from "./pool/pack-in-child.ts";
import { createPool, type Need } from "./pool/pool.ts";
import { systemClock } from "./pool/run-timer.ts";
import { spareLimit } from "./pool/spare-limit.ts";
import { createSpawner } from "./pool/spawner.ts";
import { runInChild } from "./run-in-child.ts";

/** Longer than a slow registry takes for a large adaptor, shorter than a run waits. */
const installTimeoutMs = 180_000;

/**
 * Starts the engine. Rejects where the child program is missing or does not start, and where the
 * repo dir cannot be made.
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { capacity, registry } = options;
  const childPath = realpathSync(options.childPath ?? findChild());
  const places = adaptorPlaces(options);
  const spawner = createSpawner(childPath, places);
  const closing = new AbortController();
  const packs = createPacks(places, packInChild(spawner, places, { closing: closing.signal }));
  const pool = createPool({
    spawn: spawner.spawn,
    mayRead: spawner.mayRead,
    places,
    packsOf: packs.find,
    clock: systemClock,
    maxSpares: () => options.spares ?? spareLimit(capacity, process.availableMemory()),
  });
  const memory = memoryWatch();
  const compileCache = createCompileCache();
  const installer = createInstaller({
    repoDir: places.repoDir,
    registry,
    timeoutMs: installTimeoutMs,
    signal: closing.signal,
  });
  const running = new Set<RunningPlan>();
  await checkChild(spawner.spawn(options.memoryLimitMb));
  void pool.prepare({ lane: "", adaptors: [], memoryLimitMb: options.memoryLimitMb });

  return {
    notices: spawner.notices,
    execute(plan, input, runOptions, lane, onEvent) {
      if (running.size >= capacity) {
        throw new Error(
          `${running.size} runs are in progress, and the engine was made for ${capacity}: wait for one to end.`,
        );
      }
      const memoryLimitMb = runOptions.memoryLimitMb ?? options.memoryLimitMb;
      const run = runInChild({
        plan,
        input,
        options: { ...runOptions, memoryLimitMb },
        places,
        clock: systemClock,
        memory,
        compileCache,
        packsOf: packs.find,
        prepare: (unprepared) => preparePlan(unprepared, installer),
        takeChild(prepared) {
          const need: Need = { lane, adaptors: neededPackages(prepared), memoryLimitMb };
          const child = pool.take(need);
          // Starting a process holds this one up for milliseconds: the run is sent first.
          const next = (): void => void pool.prepare(need);
          void child.then(() => setImmediate(next)).catch(() => undefined);
          return child;
        },
        onEvent,
      });
      running.add(run);
      void run.ended.then(() => running.delete(run));
      return run;
    },
    async close() {
      closing.abort();
      for (const run of running) run.kill(closed);
      await Promise.all([...running].map(({ ended }) => ended));
      pool.close();
      await spawner.close();
    },
  };
}

/** The first child tells whether any will come up on this machine. */
async function checkChild(child: Child): Promise<void> {
  if ((await child.next()) !== undefined) return child.kill();
  const { code, signal, stderr } = await child.exited;
  const how = signal ?? `exit code ${code}`;
  throw new Error(`A run's process does not start on this machine (${how}): ${stderr.trim()}`);
}

const closed = {
  reason: "kill",
  type: "WorkerStopped",
  message: "The engine was closed while the run was in progress.",
} as const;
