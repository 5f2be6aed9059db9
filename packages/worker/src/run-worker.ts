import type { Plan } from "@workloops/parser";
import { aboutRun } from "./about-run.ts";
import { startEngine } from "./adapters/engine.ts";
import { awaitDeaths } from "./adapters/journal/await-deaths.ts";
import { type OpenedJournal, openJournal } from "./adapters/journal/open-journal.ts";
import { mockEngine } from "./adapters/mock-engine.ts";
import { socketUrl } from "./adapters/socket-url.ts";
import { systemClock } from "./adapters/system-clock.ts";
import { mintWorkerToken, runTokens } from "./adapters/tokens.ts";
import { webSocketTransport } from "./adapters/web-socket-transport.ts";
import { workerId } from "./adapters/worker-id.ts";
import { type Engine, type RandomState, snapshot } from "./core/index.ts";
import { coreSettings } from "./core-settings.ts";
import { createDriver, type Driver } from "./driver.ts";
import { type Ops, serveOps } from "./ops/http.ts";
import type { WorkerLog } from "./ops/log.ts";
import { createMetrics } from "./ops/metrics.ts";
import { openSentry, type Sentry } from "./ops/sentry.ts";
import type { WorkerConfig } from "./options/worker-config.ts";
import { noJournal, type Ports, type Tokens } from "./ports.ts";
import { version } from "./version.ts";

type WorkerEngine = Pick<Engine, "execute" | "close">;

/** Starts everything, works until a signal, ends everything. Resolves with the exit code. */
export async function runWorker(
  config: WorkerConfig,
  plan: Plan,
  plainLog: WorkerLog,
): Promise<number> {
  let sentry: Sentry | undefined;
  let engine: WorkerEngine | undefined;
  let ops: Ops | undefined;
  let journal: OpenedJournal | undefined;
  let endAwaiting: (() => Promise<void>) | undefined;
  let endNow = (): void => {};
  const log: WorkerLog = (level, message, fields = {}) => {
    plainLog(level, message, fields);
    sentry?.log(level, message, fields);
  };
  try {
    if (config.sentryDsn !== undefined) {
      sentry = await openSentry(config.sentryDsn, config.sentryEnv, version);
    }
    const tokens = await runTokens(config.publicKey);
    engine = await openEngine(config, plan, log);
    journal = config.journal
      ? await openJournal(
          config.stateDir,
          (note) => log("warn", note),
          // What it holds is another worker's by now: it must not even report it.
          () => endNow(),
        )
      : undefined;
    for (const note of journal?.notes ?? []) log("warn", note);
    if (journal === undefined) log("info", `no journal: ${JOURNAL_OFF}`);
    const kept = journal?.journal ?? noJournal;
    const chains = plan.groups.map((group) => group.chain);
    const metrics = createMetrics(chains, version, () => look());
    const driver = createDriver(coreSettings(config, plan, version), seed(), {
      ...(await network(config, tokens)),
      journal: kept,
      engine,
      log: (level, message, fields) => log(level, message, aboutRun(fields, driver.state())),
      observe: metrics.observe,
    });
    endNow = () => driver.stop();
    const look = () => snapshot(driver.state(), systemClock.now());
    ops = await serveOps({
      port: config.port,
      host: config.host,
      token: config.opsToken,
      version,
      snapshot: look,
      journalNotes: () => journalNotes(journal),
      metrics,
      claimNow: driver.claimNow,
    });
    log("info", `health, metrics and status on port ${ops.port}`, { port: ops.port });
    if (journal !== undefined) endAwaiting = awaitDeaths(journal, systemClock, driver.inherit);
    const left = await untilStopped(driver, config.drainTimeoutMs, log);
    return left.length === 0 ? 0 : 1;
  } catch (error) {
    log("error", `the worker cannot start: ${error instanceof Error ? error.message : error}`);
    return 1;
  } finally {
    await engine?.close();
    await endAwaiting?.();
    await journal?.close();
    await ops?.close();
    await sentry?.close();
  }
}

const JOURNAL_OFF = "it is turned off, and what is held is not known to the next worker";

function journalNotes(journal: OpenedJournal | undefined): readonly string[] {
  if (journal === undefined) return [JOURNAL_OFF];
  const problem = journal.journal.problem();
  return problem === undefined ? journal.flaws : [...journal.flaws, problem];
}

async function openEngine(
  config: WorkerConfig,
  { capacity }: Plan,
  log: WorkerLog,
): Promise<WorkerEngine> {
  if (config.mock) return mockEngine();
  const engine = await startEngine({
    repoDir: config.repoDir,
    monorepoDir: config.monorepoDir,
    capacity,
    memoryLimitMb: config.runMemoryMb,
    timeoutMs: config.engineTimeoutMs,
    retries: config.engineRetries,
    onRetry: (problem, waitMs) =>
      log("warn", `the engine did not start, tried again: ${problem}`, { retry_in_ms: waitMs }),
  });
  for (const notice of engine.notices) log("warn", notice);
  return engine;
}

async function network(
  config: WorkerConfig,
  tokens: Tokens,
): Promise<Pick<Ports, "clock" | "transport" | "tokens">> {
  const token = await mintWorkerToken(config.secret ?? "", workerId());
  return {
    clock: systemClock,
    transport: webSocketTransport(socketUrl(config.lightning, token, version)),
    tokens,
  };
}

/** 128 random bits: ids of steps and clips are drawn from them. */
function seed(): RandomState {
  const [a = 0, b = 0, c = 0, d = 0] = crypto.getRandomValues(new Uint32Array(4));
  return [a, b, c, d];
}

/** The first signal drains, the second ends at once. */
async function untilStopped(
  driver: Driver,
  drainTimeoutMs: number,
  log: WorkerLog,
): Promise<readonly string[]> {
  let signals = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    signals += 1;
    log("info", signals === 1 ? `${signal}: draining` : `${signal} again: ending at once`);
    if (signals === 1) driver.drain(drainTimeoutMs);
    else driver.stop();
  };
  process.on("SIGTERM", onSignal).on("SIGINT", onSignal);
  try {
    driver.start();
    return await driver.stopped;
  } finally {
    process.off("SIGTERM", onSignal).off("SIGINT", onSignal);
  }
}
