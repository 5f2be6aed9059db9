import { number, type OptionRow, row, text, toggle, YEAR_SECONDS } from "./option-row.ts";

export const lanesRows = [
  row(
    "workloops",
    "WORKER_WORKLOOPS",
    text,
    "The lanes: groups of CHAIN:CAPACITY, or @FILE for a .workloops file. Excludes --capacity.",
    {
      usual: "manual>*:CAPACITY",
    },
  ),
  row(
    "capacity",
    "WORKER_CAPACITY",
    number("runs", 1, 10_000),
    "Runs at once where no lanes are given: N means `manual>*:N`.",
    {
      usual: "5",
    },
  ),
  row(
    "backoff",
    "WORKER_BACKOFF",
    { type: "backoff" },
    "The shortest and the longest wait of a lane after a claim, as MIN/MAX.",
    {
      usual: "1/10",
    },
  ),
  row(
    "loop",
    "",
    toggle,
    "Whether lanes claim by themselves; without it only POST /claim makes them.",
    {
      usual: "true",
    },
  ),
  row(
    "claim-timeout",
    "WORKER_CLAIM_TIMEOUT_SECONDS",
    number("seconds", 0.05, YEAR_SECONDS, false),
    "How long a claim may stay unanswered before its slots are free again.",
    {
      usual: "20",
    },
  ),
] as const;

export const serverRows = [
  row(
    "lightning",
    "WORKER_LIGHTNING_SERVICE_URL",
    text,
    "Base address of Lightning's worker socket; `mock`: ws://localhost:8888/worker.",
    {
      usual: "ws://localhost:4000/worker",
      aliases: "l lightning-service-url",
    },
  ),
  row("secret", "WORKER_SECRET", text, "The secret shared with Lightning.", {
    aliases: "s",
    isSecret: true,
  }),
  row(
    "lightning-public-key",
    "WORKER_LIGHTNING_PUBLIC_KEY",
    text,
    "Base64 of the PEM that run tokens are checked with; absent: not checked.",
    {
      isSecret: true,
    },
  ),
  row("name", "WORKER_NAME DEPLOYED_POD_NAME", text, "How Lightning and the log call this worker."),
  row(
    "message-timeout",
    "WORKER_MESSAGE_TIMEOUT_SECONDS",
    number("seconds", 0.05, YEAR_SECONDS, false),
    "How long a join or a message of a run may stay unanswered.",
    {
      usual: "30",
    },
  ),
  row(
    "socket-timeout",
    "WORKER_SOCKET_TIMEOUT_SECONDS",
    number("seconds", 0.05, YEAR_SECONDS, false),
    "How long the join of the queue may stay unanswered.",
    {
      usual: "10",
      hidden: true,
    },
  ),
  row(
    "timeout-retry-count",
    "WORKER_TIMEOUT_RETRY_COUNT",
    number("times", 0, 1_000),
    "How often log lines without an answer are sent again; other events are sent until the run's token expires.",
    {
      usual: "2",
    },
  ),
  row(
    "timeout-retry-delay",
    "WORKER_TIMEOUT_RETRY_DELAY_MS",
    number("ms", 0, 3_600_000),
    "How long to wait before it is sent again.",
    {
      usual: "0",
    },
  ),
  row("batch-logs", "WORKER_BATCH_LOGS", toggle, "Send log lines together, with run:batch_logs.", {
    usual: "false",
  }),
  row(
    "batch-interval",
    "WORKER_BATCH_INTERVAL",
    number("ms", 0, 60_000),
    "How long a batch waits for more lines.",
    { usual: "10" },
  ),
  row(
    "batch-limit",
    "WORKER_BATCH_LIMIT",
    number("lines", 1, 10_000),
    "How many lines a batch holds.",
    { usual: "50" },
  ),
  row(
    "collections-url",
    "WORKER_COLLECTIONS_URL",
    text,
    "Where collections live; absent: jobs cannot use them.",
    {
      aliases: "c",
    },
  ),
  row(
    "collections-version",
    "WORKER_COLLECTIONS_VERSION",
    text,
    "Version of the collections adaptor.",
    { usual: "latest" },
  ),
] as const;

export const runRows = [
  row(
    "run-memory",
    "WORKER_MAX_RUN_MEMORY_MB",
    number("MB", 16, 1_048_576),
    "Memory of one run, where its plan names none.",
    { usual: "500" },
  ),
  row(
    "payload-memory",
    "WORKER_MAX_PAYLOAD_MB",
    number("MB", 0.001, 1_048_576, false),
    "The largest state that is sent. More than 10 counts as 10: Lightning takes no frame over 11 MB.",
    {
      usual: "10",
    },
  ),
  row(
    "log-payload-memory",
    "WORKER_MAX_LOG_PAYLOAD_MB",
    number("MB", 0.001, 1_048_576, false),
    "The largest log line that is sent; more than 10 counts as 10.",
    {
      usual: "1",
    },
  ),
  row(
    "max-run-duration-seconds",
    "WORKER_MAX_RUN_DURATION_SECONDS",
    number("seconds", 0.001, YEAR_SECONDS, false),
    "How long a run may take, where its plan says nothing.",
    {
      usual: "300",
      aliases: "t",
    },
  ),
  row(
    "state-props-to-remove",
    "WORKER_STATE_PROPS_TO_REMOVE",
    { type: "list" },
    "Keys that are taken out of the state at the end of each step.",
    {
      usual: "configuration,response",
    },
  ),
  row("repo-dir", "WORKER_REPO_DIR", text, "Where adaptors are installed.", {
    usual: "~/.openfn/worker/repo",
    aliases: "d",
  }),
  row("monorepo-dir", "OPENFN_ADAPTORS_REPO", text, "Where @local adaptors are found.", {
    aliases: "m",
  }),
  row(
    "engine-validation-timeout-ms",
    "WORKER_VALIDATION_TIMEOUT_MS",
    number("ms", 1, 600_000),
    "How long the engine may take to start.",
    {
      usual: "5000",
    },
  ),
  row(
    "engine-validation-retries",
    "WORKER_VALIDATION_RETRIES",
    number("times", 0, 100),
    "How often it is started again where that fails, 1, 2, 4 s apart.",
    {
      usual: "3",
    },
  ),
  row("mock", "", toggle, "Use an engine that runs nothing: each step passes its state on.", {
    usual: "false",
  }),
  row(
    "profile",
    "WORKER_PROFILE",
    toggle,
    "Look at the heap of each step for its peak: step:complete tells it, and a line of the run's log.",
    { usual: "false" },
  ),
  row(
    "profile-poll-interval-ms",
    "WORKER_PROFILE_POLL_INTERVAL_MS",
    number("ms", 1, 60_000),
    "How often --profile looks.",
    {
      usual: "10",
    },
  ),
] as const;

export const operationRows = [
  row(
    "port",
    "WORKER_PORT",
    number("", 0, 65_535),
    "Port of health, metrics and status; 0: any that is free.",
    { usual: "2222", aliases: "p" },
  ),
  row("host", "WORKER_HOST", text, "Address that the port is opened on.", {
    usual: "all interfaces",
  }),
  row(
    "ops-token",
    "WORKER_OPS_TOKEN",
    text,
    "What POST /claim and GET /status ask for; absent: both are closed.",
    { isSecret: true },
  ),
  row(
    "log",
    "WORKER_LOG_LEVEL",
    {
      type: "choice",
      choices: ["debug", "info", "default", "success", "warn", "error", "none", "none-really"],
    },
    "The least that is logged. OpenFn's `default` and `success` count as info, `none-really` as none.",
    {
      usual: "info",
    },
  ),
  row(
    "drain-timeout",
    "WORKER_DRAIN_TIMEOUT_SECONDS",
    number("seconds", 0, YEAR_SECONDS, false),
    "How long SIGTERM lets runs finish.",
    {
      usual: "run duration + 10",
      aliases: "drain-timeout-seconds",
    },
  ),
  row(
    "strict-memory",
    "WORKER_STRICT_MEMORY",
    toggle,
    "Refuse to start where full lanes may need more memory than there is.",
    {
      usual: "false",
    },
  ),
  row("state-dir", "WORKER_STATE_DIR", text, "Where the journal of held runs is kept.", {
    usual: "~/.local/state/workloops",
  }),
  row(
    "journal",
    "WORKER_JOURNAL",
    toggle,
    "Whether held runs are written down, so that the next start can end them.",
    { usual: "true" },
  ),
  row(
    "sentry-dsn",
    "WORKER_SENTRY_DSN",
    text,
    "Where errors are reported; needs the package @sentry/node.",
    { aliases: "dsn", isSecret: true },
  ),
  row("sentry-env", "WORKER_SENTRY_ENV", text, "The environment that reports name.", {
    usual: "dev",
  }),
  row(
    "compat",
    "WORKER_COMPAT",
    toggle,
    "Only warn of flags that are unknown or of later versions.",
    { usual: "false" },
  ),
  row("debug", "", toggle, "Start without a secret.", { usual: "false", hidden: true }),
] as const;

export const optionTable: readonly OptionRow[] = [
  ...lanesRows,
  ...serverRows,
  ...runRows,
  ...operationRows,
];

/** Flags of later OpenFn versions, which --compat lets pass: what stands behind each is why. */
export const laterFlags: Readonly<Record<string, string>> = {
  cgroups: "each run is a process of its own already",
  "no-stringify-state": "states are sent as JSON text, which Lightning takes",
  "stringify-state": "states are sent as JSON text, which Lightning takes",
  "repo-lock": "the repo dir is locked in any case",
};

/** Variables that belong to others, or to later versions, and are no mistakes. */
export const otherVariables: readonly string[] = [
  "WORKER_NO_STRINGIFY_STATE",
  "WORKER_REPO_LOCK",
  "WORKER_ENABLE_CGROUP_ENFORCEMENT",
  "WORKER_RUNS_PRIVATE_KEY",
];
