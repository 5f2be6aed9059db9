/** What a worker can be told, named after its long flag. */
export type WorkerOption =
  | "workloops"
  | "capacity"
  | "queues"
  | "run-memory"
  | "max-run-duration-seconds"
  | "drain-timeout"
  | "lightning"
  | "repo-dir"
  | "state-dir"
  | "journal"
  | "other";

const rows: readonly (readonly [WorkerOption, variables: string, flags: string])[] = [
  ["workloops", "WORKER_WORKLOOPS", "--workloops"],
  ["capacity", "WORKER_CAPACITY", "--capacity"],
  ["queues", "WORKER_QUEUES", "--queues"],
  ["run-memory", "WORKER_MAX_RUN_MEMORY_MB", "--run-memory"],
  ["max-run-duration-seconds", "WORKER_MAX_RUN_DURATION_SECONDS", "--max-run-duration-seconds"],
  ["drain-timeout", "WORKER_DRAIN_TIMEOUT_SECONDS", "--drain-timeout --drain-timeout-seconds"],
  ["lightning", "WORKER_LIGHTNING_SERVICE_URL", "--lightning --lightning-service-url"],
  ["repo-dir", "WORKER_REPO_DIR", "--repo-dir"],
  ["state-dir", "WORKER_STATE_DIR", "--state-dir"],
  ["journal", "WORKER_JOURNAL", "--journal --no-journal"],
];

/** Flags that are a whole word, without a value behind them. */
const switches = new Set(["--journal", "--no-journal"]);

export function isSwitch(flag: string): boolean {
  return switches.has(flag);
}

/** The other variables that a worker reads (worker contract, section 1). */
const otherVariables = [
  "WORKER_PORT",
  "WORKER_SECRET",
  "WORKER_BACKOFF",
  "WORKER_LIGHTNING_PUBLIC_KEY",
  "WORKER_LOG_LEVEL",
  "WORKER_MAX_PAYLOAD_MB",
  "WORKER_MAX_LOG_PAYLOAD_MB",
  "WORKER_STATE_PROPS_TO_REMOVE",
  "WORKER_MESSAGE_TIMEOUT_SECONDS",
  "WORKER_CLAIM_TIMEOUT_SECONDS",
  "WORKER_SOCKET_TIMEOUT_SECONDS",
  "WORKER_TIMEOUT_RETRY_COUNT",
  "WORKER_TIMEOUT_RETRY_DELAY_MS",
  "WORKER_BATCH_LOGS",
  "WORKER_BATCH_INTERVAL",
  "WORKER_BATCH_LIMIT",
  "WORKER_COLLECTIONS_URL",
  "WORKER_COLLECTIONS_VERSION",
  "WORKER_VALIDATION_TIMEOUT_MS",
  "WORKER_VALIDATION_RETRIES",
  "WORKER_PROFILE",
  "WORKER_PROFILE_POLL_INTERVAL_MS",
  "WORKER_SENTRY_DSN",
  "WORKER_SENTRY_ENV",
  "WORKER_NAME",
  "WORKER_HOST",
  "WORKER_OPS_TOKEN",
  "WORKER_STRICT_MEMORY",
  "WORKER_COMPAT",
  "WORKER_NO_STRINGIFY_STATE",
  "WORKER_REPO_LOCK",
  "WORKER_ENABLE_CGROUP_ENFORCEMENT",
  "WORKER_RUNS_PRIVATE_KEY",
];

const otherFlags = ["--lightning-public-key"];

/** The short spellings (worker contract, section 1); other programs have the same with other meanings. */
const shortFlags: readonly (readonly [string, WorkerOption])[] = [
  ["-l", "lightning"],
  ["-t", "max-run-duration-seconds"],
  ["-d", "repo-dir"],
];

const variables = new Map<string, WorkerOption>([
  ...otherVariables.map((name) => [name, "other"] as const),
  ...rows.map(([option, name]) => [name, option] as const),
]);
const flags = new Map<string, WorkerOption>([
  ...shortFlags,
  ...otherFlags.map((name) => [name, "other"] as const),
  ...rows.flatMap(([option, , names]) => names.split(" ").map((name) => [name, option] as const)),
]);

export function optionOfVariable(name: string): WorkerOption | undefined {
  return variables.get(name);
}

export function optionOfFlag(name: string): WorkerOption | undefined {
  return flags.get(name);
}

/** Every variable that a worker reads. */
export const variableNames: readonly string[] = [...variables.keys()];

/**
 * Whether a variable may be meant for a worker. A service has dozens of others; they are
 * nobody's concern here, and keeping them would make each keystroke in a long file slow.
 */
export function mayConcernWorker(name: string): boolean {
  return name.startsWith("WORKER_") || variables.has(name);
}
