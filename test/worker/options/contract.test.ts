import { readFileSync } from "node:fs";
import { parse, plan } from "@workloops/parser";
import { describe, expect, test } from "vitest";
import { coreSettings } from "../../../packages/worker/src/core-settings.ts";
import { configure } from "../../../packages/worker/src/options/configuration.ts";
import { optionTable } from "../../../packages/worker/src/options/option-table.ts";
import { readOptions } from "../../../packages/worker/src/options/read-options.ts";
import {
  toWorkerConfig,
  type WorkerConfig,
} from "../../../packages/worker/src/options/worker-config.ts";

interface Row {
  /** Every spelling; `no-` before the first where it stands for its opposite. */
  readonly flags: string;
  readonly variable?: string;
  /** What holds where nothing is given. */
  readonly usual: Partial<WorkerConfig>;
  /** Why `usual` is not OpenFn's: the page on replacing it has a row with these words. */
  readonly differs?: string;
  readonly given: string;
  readonly then: Partial<WorkerConfig>;
}

/** The table of OpenFn's worker 1.25.0, row by row. Source: worker-contract 1. */
const contract: readonly Row[] = [
  row("port p", "WORKER_PORT", { port: 2222 }, "80", { port: 80 }),
  row(
    "lightning l lightning-service-url",
    "WORKER_LIGHTNING_SERVICE_URL",
    { lightning: "ws://localhost:4000/worker" },
    "mock",
    { lightning: "ws://localhost:8888/worker", secret: "mock-secret" },
  ),
  row("secret s", "WORKER_SECRET", { secret: undefined }, "x", { secret: "x" }),
  row("backoff", "WORKER_BACKOFF", { backoff: { minSeconds: 1, maxSeconds: 10 } }, "0.5", {
    backoff: { minSeconds: 0.5, maxSeconds: 30 },
  }),
  row("loop", undefined, { polling: true }, "false", { polling: false }),
  row("mock", undefined, { mock: false }, "true", { mock: true }),
  row("monorepo-dir m", "OPENFN_ADAPTORS_REPO", { monorepoDir: undefined }, "/m", {
    monorepoDir: "/m",
  }),
  row("lightning-public-key", "WORKER_LIGHTNING_PUBLIC_KEY", { publicKey: undefined }, "k", {
    publicKey: "k",
  }),
  row("log", "WORKER_LOG_LEVEL", { logLevel: "info" }, "debug", { logLevel: "debug" }, "log level"),
  row("run-memory", "WORKER_MAX_RUN_MEMORY_MB", { runMemoryMb: 500 }, "64", { runMemoryMb: 64 }),
  row("payload-memory", "WORKER_MAX_PAYLOAD_MB", { payloadMb: 10 }, "2", { payloadMb: 2 }),
  row("log-payload-memory", "WORKER_MAX_LOG_PAYLOAD_MB", { logPayloadMb: 1 }, "2", {
    logPayloadMb: 2,
  }),
  row(
    "max-run-duration-seconds t",
    "WORKER_MAX_RUN_DURATION_SECONDS",
    { runDurationMs: 300_000 },
    "60",
    { runDurationMs: 60_000 },
  ),
  row(
    "state-props-to-remove",
    "WORKER_STATE_PROPS_TO_REMOVE",
    { statePropsToRemove: ["configuration", "response"] },
    "a, b",
    { statePropsToRemove: ["a", "b"] },
  ),
  row(
    "message-timeout",
    "WORKER_MESSAGE_TIMEOUT_SECONDS",
    { messageTimeoutMs: 30_000 },
    "7",
    { messageTimeoutMs: 7_000 },
    "`--message-timeout`",
  ),
  row(
    "claim-timeout",
    "WORKER_CLAIM_TIMEOUT_SECONDS",
    { claimTimeoutMs: 20_000 },
    "3600",
    { claimTimeoutMs: 3_600_000 },
    "`--claim-timeout 3600` is as before",
  ),
  row(
    "socket-timeout",
    "WORKER_SOCKET_TIMEOUT_SECONDS",
    { queueJoinTimeoutMs: 10_000 },
    "7",
    { queueJoinTimeoutMs: 7_000 },
    "`--socket-timeout`",
  ),
  row(
    "timeout-retry-count",
    "WORKER_TIMEOUT_RETRY_COUNT",
    { retryCount: 2 },
    "10",
    { retryCount: 10 },
    "`--timeout-retry-count`",
  ),
  row(
    "timeout-retry-delay",
    "WORKER_TIMEOUT_RETRY_DELAY_MS",
    { retryDelayMs: 0 },
    "30000",
    { retryDelayMs: 30_000 },
    "`WORKER_TIMEOUT_RETRY_DELAY_MS`",
  ),
  row("batch-logs", "WORKER_BATCH_LOGS", { batchLogs: undefined }, "true", {
    batchLogs: { limit: 50, intervalMs: 10 },
  }),
  row("collections-url c", "WORKER_COLLECTIONS_URL", { collections: undefined }, "https://c", {
    collections: { url: "https://c", version: "latest" },
  }),
  row(
    "engine-validation-timeout-ms",
    "WORKER_VALIDATION_TIMEOUT_MS",
    { engineTimeoutMs: 5_000 },
    "9",
    {
      engineTimeoutMs: 9,
    },
  ),
  row("engine-validation-retries", "WORKER_VALIDATION_RETRIES", { engineRetries: 3 }, "0", {
    engineRetries: 0,
  }),
  row("profile", "WORKER_PROFILE", { profilePollMs: undefined }, "true", { profilePollMs: 10 }),
  row("sentry-dsn dsn", "WORKER_SENTRY_DSN", { sentryDsn: undefined }, "https://k@s/1", {
    sentryDsn: "https://k@s/1",
  }),
  row("sentry-env", "WORKER_SENTRY_ENV", { sentryEnv: "dev" }, "prod", { sentryEnv: "prod" }),
  row("debug", undefined, { debug: false }, "true", { debug: true }),
];

/** Those whose worth shows beside another option only, with that one. */
const beside: readonly (readonly [string, Row])[] = [
  [
    "--batch-logs",
    row("batch-interval", "WORKER_BATCH_INTERVAL", {}, "20", {
      batchLogs: { limit: 50, intervalMs: 20 },
    }),
  ],
  [
    "--batch-logs",
    row("batch-limit", "WORKER_BATCH_LIMIT", {}, "5", { batchLogs: { limit: 5, intervalMs: 10 } }),
  ],
  [
    "--collections-url=https://c",
    row("collections-version", "WORKER_COLLECTIONS_VERSION", {}, "1.0.0", {
      collections: { url: "https://c", version: "1.0.0" },
    }),
  ],
  [
    "--profile",
    row("profile-poll-interval-ms", "WORKER_PROFILE_POLL_INTERVAL_MS", {}, "50", {
      profilePollMs: 50,
    }),
  ],
];

function row(
  flags: string,
  variable: string | undefined,
  usual: Row["usual"],
  given: string,
  then: Row["then"],
  differs?: string,
): Row {
  return {
    flags,
    usual,
    given,
    then,
    ...(variable !== undefined && { variable }),
    ...(differs !== undefined && { differs }),
  };
}

function config(args: readonly string[], env: Record<string, string> = {}): WorkerConfig {
  const options = readOptions(args, env);
  expect(options).toMatchObject({ problems: [], warnings: [] });
  return toWorkerConfig(options);
}

const spelt = (flag: string): string => (flag.length === 1 ? `-${flag}` : `--${flag}`);

describe("an option of OpenFn's worker", () => {
  test.each(contract)("$flags: what holds without it", ({ usual }) => {
    expect(config([])).toMatchObject(usual);
  });

  test.each([
    ...contract.map((one) => [one.flags, [] as string[], one] as const),
    ...beside.map(([other, one]) => [one.flags, [other], one] as const),
  ])("%s: works by each spelling and by its variable", (_name, others, row) => {
    for (const flag of row.flags.split(" ")) {
      expect(config([...others, spelt(flag), row.given])).toMatchObject(row.then);
      expect(config([...others, `${spelt(flag)}=${row.given}`])).toMatchObject(row.then);
    }
    if (row.variable === undefined) return;
    expect(config(others, { [row.variable]: row.given })).toMatchObject(row.then);
  });

  test("the flag goes before the variable", () => {
    for (const { flags, variable, given, then } of contract) {
      const [flag = ""] = flags.split(" ");
      if (variable === undefined || given === "true") continue;
      expect(config([spelt(flag), given], { [variable]: "1" })).toMatchObject(then);
    }
  });

  test("a default that is not OpenFn's stands on the page that says what differs", () => {
    const page = readFileSync(
      new URL("../../../docs/replace-openfn-worker.md", import.meta.url),
      "utf8",
    );
    for (const { differs } of contract) if (differs !== undefined) expect(page).toContain(differs);
  });

  test("none is missing from these tables", () => {
    const covered = [...contract, ...beside.map(([, one]) => one)].flatMap(({ flags }) =>
      flags.split(" "),
    );
    // Folders under the home folder, names and lanes have tests of their own in read-options and configuration.
    const elsewhere = ["repo-dir", "d", "workloops", "capacity", "name"];
    const ours =
      "host ops-token drain-timeout drain-timeout-seconds strict-memory state-dir journal compat";
    expect(optionTable.flatMap(({ name, aliases }) => [name, ...aliases]).sort()).toEqual(
      [...covered, ...elsewhere, ...ours.split(" ")].sort(),
    );
  });
});

test("what the options say reaches the core", () => {
  const flags = {
    backoff: "0.5/3",
    "claim-timeout": "4",
    "message-timeout": "5",
    "socket-timeout": "6",
    "timeout-retry-count": "7",
    "timeout-retry-delay": "8",
    "batch-logs": "true",
    "batch-limit": "9",
    "batch-interval": "11",
    "collections-url": "https://c",
    "collections-version": "1.0.0",
    "run-memory": "64",
    "payload-memory": "2",
    "log-payload-memory": "3",
    "max-run-duration-seconds": "12",
    "state-props-to-remove": "a",
    loop: "false",
    name: "w",
    profile: "true",
    "profile-poll-interval-ms": "13",
    workloops: "fast_lane:1 manual>*:4",
  };
  const options = readOptions(
    Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
    {},
  );
  const configured = configure(options, {
    runMemoryMb: 64,
    memoryLimit: 2 ** 40,
    runDurationSeconds: 12,
  });
  if (!configured.ok) throw new Error(configured.errors.join());
  expect(coreSettings(toWorkerConfig(options), configured.plan, "1.2.3")).toMatchObject({
    lanes: [
      { queues: ["fast_lane"], capacity: 1 },
      { queues: ["manual", "*"], capacity: 4 },
    ],
    join: { capacity: 5, queues: { fast_lane: 1, "manual>*": 4 } },
    workerName: "w",
    workerVersion: "1.2.3",
    polling: false,
    backoffMinMs: 500,
    backoffMaxMs: 3_000,
    claimTimeoutMs: 4_000,
    messageTimeoutMs: 5_000,
    queueJoinTimeoutMs: 6_000,
    resendLimit: 7,
    resendDelayMs: 8,
    batchLogs: { limit: 9, intervalMs: 11 },
    collections: { url: "https://c", version: "1.0.0" },
    run: {
      timeoutMs: 12_000,
      memoryLimitMb: 64,
      payloadLimitMb: 2,
      logPayloadLimitMb: 3,
      statePropsToRemove: ["a"],
      profilePollMs: 13,
    },
  });
});

describe("a number", () => {
  const numbers = optionTable.flatMap(({ name, variables, kind }) =>
    kind.type === "number" ? [{ name, variable: variables[0] ?? "", ...kind }] : [],
  );

  test.each(numbers)("$name: from $min to $max ($unit), and nothing else", (of) => {
    const problems = (text: string) => readOptions([`--${of.name}=${text}`], {}).problems;
    const what = of.whole ? "a whole number" : "a number";
    const unit = of.unit === "" ? "" : ` (${of.unit})`;
    const refusal = `is not ${what} from ${of.min} to ${of.max}${unit}`;
    for (const good of [of.min, of.max]) expect(problems(String(good))).toEqual([]);
    const bad = [String(of.max + 1), "-1", "1e3", "0x10", "NaN", "Infinity", "1,5", " 5", "5s", ""];
    for (const text of [...bad, ...(of.min > 0 ? ["0"] : []), ...(of.whole ? ["1.5"] : [])]) {
      expect(problems(text)).toEqual([`--${of.name}: ${JSON.stringify(text)} ${refusal}`]);
    }
    expect(readOptions([], { [of.variable]: "banana" }).problems).toEqual([
      `${of.variable}: "banana" ${refusal}`,
    ]);
  });
});

test("two groups of one chain, and a queue of any name, are counted whole in the join", () => {
  const join = (text: string) => plan(parse(text).tree).join;
  expect(join("*:1 *:1")).toEqual({ capacity: 2, queues: { "*": 2 } });
  const odd = join("__proto__:1 constructor>*:2");
  expect(odd.capacity).toBe(3);
  expect(JSON.stringify(odd.queues)).toBe('{"__proto__":1,"constructor>*":2}');
});
