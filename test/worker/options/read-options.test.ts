import { describe, expect, test } from "vitest";
import { help, optionsMarkdown } from "../../../packages/worker/src/options/help.ts";
import { optionTable } from "../../../packages/worker/src/options/option-table.ts";
import { readOptions } from "../../../packages/worker/src/options/read-options.ts";
import { toWorkerConfig } from "../../../packages/worker/src/options/worker-config.ts";

const config = (args: string, env: Record<string, string> = {}) => {
  const options = readOptions(args.split(" ").filter(Boolean), env);
  expect(options.problems).toEqual([]);
  return toWorkerConfig(options);
};

const problems = (args: string, env: Record<string, string> = {}) =>
  readOptions(args.split(" ").filter(Boolean), env).problems;

describe("an option", () => {
  test.each([
    ["--port 80", {}, { port: 80 }],
    ["-p 80", {}, { port: 80 }],
    ["--port=80", {}, { port: 80 }],
    ["", { WORKER_PORT: "80" }, { port: 80 }],
    ["--port 81", { WORKER_PORT: "80" }, { port: 81 }],
    ["", { WORKER_PORT: "" }, { port: 2222 }],
    ["-- --port 80", {}, { port: 80 }],
    ["-l ws://a/worker", {}, { lightning: "ws://a/worker" }],
    ["--lightning-service-url ws://a/worker", {}, { lightning: "ws://a/worker" }],
    ["--lightning mock", {}, { lightning: "ws://localhost:8888/worker", secret: "mock-secret" }],
    ["--repoDir /r", {}, { repoDir: "/r" }],
    ["--backoff 0.5/3", {}, { backoff: { minSeconds: 0.5, maxSeconds: 3 } }],
    ["--backoff 0.001/0.01", {}, { backoff: { minSeconds: 0.001, maxSeconds: 0.01 } }],
    ["--backoff 2", {}, { backoff: { minSeconds: 2, maxSeconds: 30 } }],
    ["--no-loop", {}, { polling: false }],
    ["--loop false", {}, { polling: false }],
    ["--message-timeout 7", {}, { messageTimeoutMs: 7_000 }],
    ["", { WORKER_CLAIM_TIMEOUT_SECONDS: "3600" }, { claimTimeoutMs: 3_600_000 }],
    ["", { WORKER_BATCH_LOGS: "1" }, { batchLogs: { limit: 50, intervalMs: 10 } }],
    ["--batch-logs --batch-limit 5", {}, { batchLogs: { limit: 5, intervalMs: 10 } }],
    ["--state-props-to-remove a,b", {}, { statePropsToRemove: ["a", "b"] }],
    ["-c https://c", {}, { collections: { url: "https://c", version: "latest" } }],
    ["", { DEPLOYED_POD_NAME: "pod" }, { name: "pod" }],
    ["", { WORKER_NAME: "w", DEPLOYED_POD_NAME: "pod" }, { name: "w" }],
    ["-t 60", {}, { runDurationMs: 60_000, drainTimeoutMs: 70_000 }],
    ["-t 60 --drain-timeout 5", {}, { drainTimeoutMs: 5_000 }],
    ["--drain-timeout-seconds 5", {}, { drainTimeoutMs: 5_000 }],
    ["--payload-memory 20 --log-payload-memory 20", {}, { payloadMb: 10, logPayloadMb: 10 }],
    ["--log success", {}, { logLevel: "info" }],
    ["", { WORKER_LOG_LEVEL: "none-really" }, { logLevel: "none" }],
    ["--timeout-retry-count 4 --timeout-retry-delay 9", {}, { retryCount: 4, retryDelayMs: 9 }],
    [
      "",
      {},
      { claimTimeoutMs: 20_000, backoff: { minSeconds: 1, maxSeconds: 10 }, runMemoryMb: 500 },
    ],
  ])("%s with %j", (args, env, expected) => {
    expect(config(args, env as Record<string, string>)).toMatchObject(expected);
  });

  test.each([
    ["--port banana", '--port: "banana" is not a whole number from 0 to 65535'],
    ["--port 65536", '--port: "65536" is not a whole number from 0 to 65535'],
    ["--run-memory 1.5", '--run-memory: "1.5" is not a whole number from 16 to 1048576 (MB)'],
    [
      "--backoff 0/1",
      '--backoff: "0/1" is not MIN/MAX, two numbers of seconds from 0.001 to 86400, such as 1/10',
    ],
    ["--backoff 5/1", '--backoff: "5/1": the shortest wait is longer than the longest'],
    [
      "--log loud",
      '--log: "loud" is none of debug, info, default, success, warn, error, none, none-really',
    ],
    ["--batch-logs=maybe", '--batch-logs: "maybe" is neither true nor false'],
    ["--worklops x", "--worklops: no such flag; did you mean --workloops?"],
    ["--xyzzy", "--xyzzy: no such flag; --help lists them"],
    ["--port", "--port: wants a value behind it"],
    ["serve", "serve: not a flag; flags begin with --"],
    [
      "--cgroups",
      "--cgroups: not needed here: each run is a process of its own already; --compat lets it pass",
    ],
  ])("%s is refused", (args, problem) => {
    expect(problems(args)).toEqual([problem]);
  });

  test("a value that is a secret is not repeated", () => {
    const { problems: found, warnings } = readOptions(["--secret=hunter2", "--port=x"], {});
    expect(JSON.stringify([found, warnings])).not.toContain("hunter2");
  });
});

test("--compat only warns of what it does not know, and says why later flags are not needed", () => {
  const later = [
    "--cgroups",
    "--no-stringify-state",
    "--repo-lock",
    "--worklops",
    "a:1",
    "--xyzzy",
  ];
  const { problems: refused } = readOptions(later, {});
  expect(refused).toEqual([
    "--cgroups: not needed here: each run is a process of its own already; --compat lets it pass",
    "--no-stringify-state: not needed here: states are sent as JSON text, which Lightning takes; --compat lets it pass",
    "--repo-lock: not needed here: the repo dir is locked in any case; --compat lets it pass",
    "--worklops: no such flag; did you mean --workloops?",
    "--xyzzy: no such flag; --help lists them",
  ]);
  for (const lenient of [
    readOptions(["--compat", ...later], {}),
    readOptions(later, { WORKER_COMPAT: "true" }),
  ]) {
    expect(lenient).toMatchObject({ problems: [], warnings: refused });
  }
  // What is known and wrong stays wrong.
  expect(readOptions(["--compat", "--port", "x"], {}).problems).toHaveLength(1);
});

test.each([
  ["--lightnin", "lightning"],
  ["--maxRunDurationSecond", "max-run-duration-seconds"],
  ["--statedir", "state-dir"],
  ["--public-key", undefined],
  ["--capcity", "capacity"],
  ["--socket-timeouts", "socket-timeout"],
])("%s names the nearest flag: %s", (flag, nearest) => {
  const said = nearest === undefined ? "--help lists them" : `did you mean --${nearest}?`;
  expect(problems(`${flag} x`)).toEqual([`${flag}: no such flag; ${said}`]);
});

test("every name with one letter left out, doubled or wrong is told by its right name", () => {
  for (const { name, variables } of optionTable) {
    for (const [index, letter] of [...name].entries()) {
      if (name.length < 6 || letter === "-") continue;
      const [before, after] = [name.slice(0, index), name.slice(index + 1)];
      for (const wrong of [
        before + after,
        `${before}${letter}${letter}${after}`,
        `${before}q${after}`,
      ]) {
        expect(problems(`--${wrong}`)).toEqual([
          `--${wrong}: no such flag; did you mean --${name}?`,
        ]);
      }
    }
    for (const variable of variables.filter(
      (one) => one.length > 12 && one.startsWith("WORKER_"),
    )) {
      const wrong = variable.slice(0, -1);
      expect(readOptions([], { [wrong]: "1" }).warnings).toEqual([
        `${wrong}: no variable of the worker; did you mean ${variable}?`,
      ]);
    }
  }
});

test("an environment that is written for OpenFn's worker is taken as it stands", () => {
  const env = {
    WORKER_PORT: "2222",
    WORKER_LIGHTNING_SERVICE_URL: "ws://lightning:4000/worker",
    WORKER_SECRET: "s",
    WORKER_CAPACITY: "5",
    WORKER_BACKOFF: "1/10",
    WORKER_REPO_DIR: "/app/repo",
    OPENFN_ADAPTORS_REPO: "/adaptors",
    WORKER_LIGHTNING_PUBLIC_KEY: "",
    WORKER_LOG_LEVEL: "default",
    WORKER_MAX_RUN_MEMORY_MB: "500",
    WORKER_MAX_PAYLOAD_MB: "100",
    WORKER_MAX_LOG_PAYLOAD_MB: "1",
    WORKER_MAX_RUN_DURATION_SECONDS: "300",
    WORKER_STATE_PROPS_TO_REMOVE: "configuration,response",
    WORKER_MESSAGE_TIMEOUT_SECONDS: "30",
    WORKER_CLAIM_TIMEOUT_SECONDS: "3600",
    WORKER_SOCKET_TIMEOUT_SECONDS: "30",
    WORKER_TIMEOUT_RETRY_COUNT: "10",
    WORKER_TIMEOUT_RETRY_DELAY_MS: "30000",
    WORKER_BATCH_LOGS: "true",
    WORKER_BATCH_INTERVAL: "10",
    WORKER_BATCH_LIMIT: "50",
    WORKER_COLLECTIONS_URL: "https://lightning/collections",
    WORKER_COLLECTIONS_VERSION: "latest",
    WORKER_VALIDATION_TIMEOUT_MS: "5000",
    WORKER_VALIDATION_RETRIES: "3",
    WORKER_PROFILE: "false",
    WORKER_PROFILE_POLL_INTERVAL_MS: "10",
    WORKER_SENTRY_DSN: "",
    WORKER_SENTRY_ENV: "prod",
    WORKER_NAME: "w",
    DEPLOYED_POD_NAME: "pod",
  };
  expect(readOptions([], env)).toMatchObject({ problems: [], warnings: [] });
  const flags =
    "-p 2222 -l ws://l/worker -s x -d /r -m /m -c https://c -t 300 --log info --no-loop --mock";
  expect(readOptions(flags.split(" "), {})).toMatchObject({ problems: [], warnings: [] });
});

test("an unknown variable is warned of with the nearest one; others' are left alone", () => {
  expect(
    readOptions([], {
      WORKER_WORKLOPS: "x",
      WORKER_REPO_LOCK: "1",
      WORKER_RUNS_PRIVATE_KEY: "k",
      PATH: "",
    }).warnings,
  ).toEqual(["WORKER_WORKLOPS: no variable of the worker; did you mean WORKER_WORKLOOPS?"]);
});

test("help and documentation name every option", () => {
  const [shown, documented] = [help(), optionsMarkdown()];
  for (const { name, hidden, variables } of optionTable) {
    expect(documented).toContain(`\`--${name}\``);
    for (const variable of variables) expect(documented).toContain(`\`${variable}\``);
    expect(shown.includes(`--${name}`)).toBe(hidden !== true);
  }
});

test("no option has two rows, and no spelling two options", () => {
  const names = optionTable.flatMap(({ name, aliases }) => [name, ...aliases]);
  expect(new Set(names).size).toBe(names.length);
});
