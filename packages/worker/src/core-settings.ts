import type { Plan } from "@workloops/parser";
import { type CoreSettings, defaultSettings } from "./core/index.ts";
import type { WorkerConfig } from "./options/worker-config.ts";

/** What the core is told, from what the process was told. */
export function coreSettings(config: WorkerConfig, plan: Plan, version: string): CoreSettings {
  return {
    ...defaultSettings,
    lanes: plan.groups,
    join: plan.join,
    workerName: config.name,
    workerVersion: version,
    polling: config.polling,
    backoffMinMs: config.backoff.minSeconds * 1_000,
    backoffMaxMs: config.backoff.maxSeconds * 1_000,
    claimTimeoutMs: config.claimTimeoutMs,
    messageTimeoutMs: config.messageTimeoutMs,
    queueJoinTimeoutMs: config.queueJoinTimeoutMs,
    resendLimit: config.retryCount,
    resendDelayMs: config.retryDelayMs,
    ...(config.batchLogs !== undefined && { batchLogs: config.batchLogs }),
    ...(config.collections !== undefined && { collections: config.collections }),
    run: {
      timeoutMs: config.runDurationMs,
      memoryLimitMb: config.runMemoryMb,
      payloadLimitMb: config.payloadMb,
      logPayloadLimitMb: config.logPayloadMb,
      statePropsToRemove: config.statePropsToRemove,
      ...(config.profilePollMs !== undefined && { profilePollMs: config.profilePollMs }),
    },
  };
}
