import type { Plan } from "@workloops/parser";
import { memoryLimit } from "./adapters/memory-limit.ts";
import { keepHeapSmall } from "./adapters/small-heap.ts";
import { checkAddress } from "./doctor/check-address.ts";
import { createLog, type WorkerLog } from "./ops/log.ts";
import { type Configured, configure } from "./options/configuration.ts";
import { help } from "./options/help.ts";
import { readOptions } from "./options/read-options.ts";
import { toWorkerConfig, type WorkerConfig } from "./options/worker-config.ts";
import { runWorker } from "./run-worker.ts";
import { version } from "./version.ts";

/** What the process gives to `main`. */
export interface ProcessIo {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTerminal: boolean;
}

/** The options or the configuration are wrong: nothing was started. */
const WRONG_USE = 2;
/** The worker could not start, or left runs unfinished. */
const FAILED = 1;

/**
 * Arguments and environment -> plan -> a worker, until it is told to stop. Resolves with the exit
 * code: 0 where everything was finished, 1 where it could not start or left runs, 2 where it was
 * told something wrong.
 */
export async function main(args: readonly string[], io: ProcessIo): Promise<number> {
  const options = readOptions(args, io.env);
  if (options.wantsHelp) {
    io.out(help());
    return 0;
  }
  if (options.wantsVersion) {
    io.out(`${version}\n`);
    return 0;
  }
  const config = toWorkerConfig(options);
  const limit = memoryLimit();
  const configured = configure(options, {
    runMemoryMb: config.runMemoryMb,
    memoryLimit: limit,
    runDurationSeconds: config.runDurationMs / 1_000,
  });
  const refusals = [...(configured.ok ? [] : configured.errors), ...options.problems];
  const address = checkAddress(config.lightning);
  if (address.outcome === "bad") {
    refusals.push(`${options.given.get("lightning")?.name ?? "--lightning"}: ${address.says}`);
  }
  if (configured.ok && config.strictMemory && configured.memory !== undefined) {
    refusals.push(
      `${configured.memory}\n--strict-memory: the worker does not start over its memory`,
    );
  }
  if (!configured.ok || refusals.length > 0) {
    for (const refusal of refusals) io.err(`${refusal}\n`);
    return WRONG_USE;
  }
  const log = createLog({ level: config.logLevel, name: config.name, isTerminal: io.isTerminal });
  for (const warning of options.warnings) log("warn", warning);
  if (config.secret === undefined && !config.debug) {
    log("error", "no secret: set WORKER_SECRET to the one that Lightning has");
    return FAILED;
  }
  tellLanes(log, configured, config, limit);
  if (config.collections === undefined)
    log("warn", "no --collections-url: jobs cannot use collections");
  keepHeapSmall();
  return runWorker(config, configured.plan, log);
}

/** One line a lane, and the memory that they may need when all are full. */
function tellLanes(
  log: WorkerLog,
  configured: Extract<Configured, { readonly ok: true }>,
  config: WorkerConfig,
  limit: number,
): void {
  const { plan, warnings, memory } = configured;
  for (const warning of warnings) log("warn", warning);
  for (const { chain, queues, capacity } of plan.groups) {
    const mode = queues.includes("*") ? "preferring" : "strict";
    const slots = capacity === 1 ? "1 slot" : `${capacity} slots`;
    log("info", `workloop ${chain}: ${mode}, ${slots}`, { lane: chain, slots: capacity });
  }
  log("info", memoryLine(plan, config, limit));
  if (memory !== undefined) log("warn", memory);
}

/** What the main process and its spare children take, as the rule `memory-ceiling` counts it. */
const OVERHEAD_MB = 300;
const MEBIBYTE = 1024 * 1024;

function memoryLine({ capacity }: Plan, { runMemoryMb }: WorkerConfig, limit: number): string {
  const needed = capacity * runMemoryMb + OVERHEAD_MB;
  const runs = capacity === 1 ? "1 run" : `${capacity} runs`;
  return `memory: up to ${needed} MB (${runs} of ${runMemoryMb} MB, ${OVERHEAD_MB} MB besides) of ${Math.floor(limit / MEBIBYTE)} MB`;
}
