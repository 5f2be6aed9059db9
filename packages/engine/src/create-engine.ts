import { mkdirSync, realpathSync } from "node:fs";
import { createInstaller } from "./adaptors/installer.ts";
import { preparePlan } from "./adaptors/prepare-plan.ts";
import { readSpecifier } from "./adaptors/specifier.ts";
import type { Engine, EngineOptions, ExecutionPlan } from "./engine.ts";
import type { AdaptorPlaces } from "./messages.ts";
import { certificateFolder, childEnvironment, childFlags } from "./pool/child-flags.ts";
import { type Child, spawnChild } from "./pool/child-process.ts";
import { findChild } from "./pool/find-child.ts";
import { memoryWatch } from "./pool/memory-watch.ts";
import { createPool, type Need } from "./pool/pool.ts";
import { removeStaleFolders, runFolders } from "./pool/run-folders.ts";
import { systemClock } from "./pool/run-timer.ts";
import { runUids } from "./pool/run-uids.ts";
import { runInChild } from "./run-in-child.ts";

/** Longer than a slow registry takes for a large adaptor, shorter than a run waits. */
const installTimeoutMs = 180_000;

/**
 * Starts the engine. Rejects where the child program is missing or does not start, and where the
 * repo dir cannot be made.
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const childPath = realpathSync(options.childPath ?? findChild());
  mkdirSync(options.repoDir, { recursive: true });
  const places: AdaptorPlaces = {
    repoDir: realpathSync(options.repoDir),
    ...(options.monorepoDir !== undefined && { monorepoDir: realpathSync(options.monorepoDir) }),
  };
  removeStaleFolders();
  const folders = runFolders();
  const uids = runUids();
  const readable = [
    places.repoDir,
    ...(places.monorepoDir === undefined ? [] : [places.monorepoDir]),
    ...certificateFolder(process.env),
  ];
  const spawn = (memoryLimitMb: number) => {
    const uid = uids.take();
    const folder = folders.create(uid);
    const flags = childFlags({ childPath, readable, folder, memoryLimitMb });
    const environment = childEnvironment(process.env, folder);
    const child = spawnChild({ flags, environment, folder, uid, memoryLimitMb });
    void child.exited.then(() => {
      uids.free(uid);
      return folders.remove(folder);
    });
    return child;
  };
  const maxSpares = options.spares ?? options.capacity;
  const pool = createPool({ spawn, places, maxSpares });
  const memory = memoryWatch();
  const installer = createInstaller({
    repoDir: places.repoDir,
    registry: options.registry,
    timeoutMs: installTimeoutMs,
  });
  const running = new Set<Promise<void>>();
  const kills = new Set<() => void>();
  await checkChild(spawn(options.memoryLimitMb));
  void pool.prepare({ lane: "", adaptors: [], memoryLimitMb: options.memoryLimitMb });

  return {
    notices: [],
    execute(plan, input, runOptions, lane, onEvent) {
      if (running.size >= options.capacity) {
        throw new Error(
          `${running.size} runs are in progress, and the engine was made for ${options.capacity}: wait for one to end.`,
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
        prepare: (unprepared) => preparePlan(unprepared, installer),
        async takeChild(prepared) {
          const need: Need = { lane, adaptors: adaptorsOf(prepared), memoryLimitMb };
          const child = pool.take(need);
          void pool.prepare(need);
          return child;
        },
        onEvent,
      });
      const kill = () => run.kill(closed);
      running.add(run.ended);
      kills.add(kill);
      void run.ended.then(() => {
        running.delete(run.ended);
        kills.delete(kill);
      });
      return run;
    },
    async close() {
      for (const kill of kills) kill();
      pool.close();
      await Promise.all(running);
      folders.removeAll();
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

function adaptorsOf(plan: ExecutionPlan): string[] {
  return [...new Set(plan.steps.flatMap(({ adaptors }) => adaptors ?? []))]
    .filter((text) => readSpecifier(text) !== undefined)
    .sort();
}
