import { homedir } from "node:os";
import { join } from "node:path";
import type { Options } from "./read-options.ts";
import type { Backoff } from "./read-value.ts";

/** Every option with its value: what it was given, else what is usual. Times as their names say. */
export interface WorkerConfig {
  readonly lightning: string;
  readonly secret: string | undefined;
  readonly publicKey: string | undefined;
  readonly name: string | null;
  readonly backoff: Backoff;
  readonly polling: boolean;
  readonly claimTimeoutMs: number;
  readonly messageTimeoutMs: number;
  readonly queueJoinTimeoutMs: number;
  readonly retryCount: number;
  readonly retryDelayMs: number;
  readonly batchLogs: { readonly limit: number; readonly intervalMs: number } | undefined;
  readonly collections: { readonly url: string; readonly version: string } | undefined;
  readonly runMemoryMb: number;
  readonly payloadMb: number;
  readonly logPayloadMb: number;
  readonly runDurationMs: number;
  readonly statePropsToRemove: readonly string[];
  readonly profilePollMs: number | undefined;
  readonly repoDir: string;
  readonly monorepoDir: string | undefined;
  readonly engineTimeoutMs: number;
  readonly engineRetries: number;
  readonly mock: boolean;
  readonly port: number;
  readonly host: string | undefined;
  readonly opsToken: string | undefined;
  readonly logLevel: string;
  readonly drainTimeoutMs: number;
  readonly strictMemory: boolean;
  readonly stateDir: string;
  readonly journal: boolean;
  readonly sentryDsn: string | undefined;
  readonly sentryEnv: string;
  readonly debug: boolean;
}

/** Lightning answers 10 s longer than a run may take; a drain that long loses nothing. */
const DRAIN_GRACE_MS = 10_000;

/** What still fits into a frame that Lightning takes. */
const MAX_PAYLOAD_MB = 10;

const MOCK_URL = "ws://localhost:8888/worker";
/** What the mock server of OpenFn takes: it checks nothing. */
const MOCK_SECRET = "mock-secret";

export function toWorkerConfig(
  { values }: Options,
  stateHome: string = process.env["XDG_STATE_HOME"] || "~/.local/state",
): WorkerConfig {
  const text = (name: string): string | undefined => {
    const value = values.get(name);
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const number = (name: string, usual: number): number => {
    const value = values.get(name);
    return typeof value === "number" ? value : usual;
  };
  const toggle = (name: string, usual: boolean): boolean => {
    const value = values.get(name);
    return typeof value === "boolean" ? value : usual;
  };
  const backoff = values.get("backoff") as Backoff | undefined;
  const props = values.get("state-props-to-remove") as readonly string[] | undefined;
  const isMock = text("lightning") === "mock";
  const runDurationMs = number("max-run-duration-seconds", 300) * 1_000;
  const collectionsUrl = text("collections-url");
  return {
    lightning: isMock ? MOCK_URL : (text("lightning") ?? "ws://localhost:4000/worker"),
    secret: text("secret") ?? (isMock ? MOCK_SECRET : undefined),
    publicKey: text("lightning-public-key"),
    name: text("name") ?? null,
    backoff: backoff ?? { minSeconds: 1, maxSeconds: 10 },
    polling: toggle("loop", true),
    claimTimeoutMs: number("claim-timeout", 20) * 1_000,
    messageTimeoutMs: number("message-timeout", 30) * 1_000,
    queueJoinTimeoutMs: number("socket-timeout", 10) * 1_000,
    retryCount: number("timeout-retry-count", 2),
    retryDelayMs: number("timeout-retry-delay", 0),
    batchLogs: toggle("batch-logs", false)
      ? { limit: number("batch-limit", 50), intervalMs: number("batch-interval", 10) }
      : undefined,
    collections:
      collectionsUrl === undefined
        ? undefined
        : { url: collectionsUrl, version: text("collections-version") ?? "latest" },
    runMemoryMb: number("run-memory", 500),
    payloadMb: Math.min(MAX_PAYLOAD_MB, number("payload-memory", 10)),
    logPayloadMb: Math.min(MAX_PAYLOAD_MB, number("log-payload-memory", 1)),
    runDurationMs,
    statePropsToRemove: props ?? ["configuration", "response"],
    profilePollMs: toggle("profile", false) ? number("profile-poll-interval-ms", 10) : undefined,
    repoDir: homePath(text("repo-dir") ?? "~/.openfn/worker/repo"),
    monorepoDir: optionalPath(text("monorepo-dir")),
    engineTimeoutMs: number("engine-validation-timeout-ms", 5_000),
    engineRetries: number("engine-validation-retries", 3),
    mock: toggle("mock", false),
    port: number("port", 2_222),
    host: text("host"),
    opsToken: text("ops-token"),
    logLevel: ourLevel(text("log") ?? "info"),
    drainTimeoutMs: number("drain-timeout", (runDurationMs + DRAIN_GRACE_MS) / 1_000) * 1_000,
    strictMemory: toggle("strict-memory", false),
    stateDir: homePath(text("state-dir") ?? join(stateHome, "workloops")),
    journal: toggle("journal", true),
    sentryDsn: text("sentry-dsn"),
    sentryEnv: text("sentry-env") ?? "dev",
    debug: toggle("debug", false),
  };
}

/** The words of OpenFn's logger that ours has others for. */
function ourLevel(level: string): string {
  if (level === "default" || level === "success") return "info";
  return level === "none-really" ? "none" : level;
}

function homePath(path: string): string {
  return path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(1)) : path;
}

function optionalPath(path: string | undefined): string | undefined {
  return path === undefined ? undefined : homePath(path);
}
