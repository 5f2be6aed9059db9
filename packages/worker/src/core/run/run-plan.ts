import type { ExecutionPlan, PlanEdge, PlanStep, RunOptions } from "@workloops/engine";
import {
  isRecord,
  type LightningEdge,
  type LightningJob,
  type LightningPlan,
} from "../../protocol/index.ts";
import type { CoreSettings } from "../settings.ts";

/** What a run is held to, with what the worker says where the plan says nothing. */
type PlannedOptions = RunOptions & Required<Pick<RunOptions, "timeoutMs" | "payloadLimitMb">>;

/** A plan as the worker holds it: credentials are still ids. */
export interface RunPlan {
  readonly execution: ExecutionPlan;
  readonly options: PlannedOptions;
  /** Ids of jobs: the other steps are triggers, which the server is told nothing of. */
  readonly jobs: ReadonlySet<string>;
  readonly dataclipId: string | undefined;
  /** Each once. */
  readonly credentialIds: readonly string[];
  /** False: the server wants no content of dataclips, and its own is gone after it was fetched once. */
  readonly keepsDataclips: boolean;
}

/** Lightning's plan -> what the engine executes. Source: worker-contract 6. */
export function toRunPlan(
  plan: LightningPlan,
  run: { readonly id: string; readonly token: string },
  settings: CoreSettings,
): RunPlan {
  const steps: PlanStep[] = [
    ...plan.triggers.map((trigger) => triggerStep(trigger.id ?? "trigger", plan.edges)),
    ...plan.jobs.map((job) => jobStep(job, plan.edges, settings)),
  ];
  const credentialIds = plan.jobs.flatMap(({ credential }) =>
    typeof credential === "string" ? [credential] : [],
  );
  return {
    execution: {
      // A run is what the server handed out under this id, whatever its plan calls itself.
      id: run.id,
      steps,
      ...(plan.name !== undefined && { name: plan.name }),
      ...(plan.starting_node_id !== undefined && { start: plan.starting_node_id }),
      ...(plan.globals !== undefined && { globals: plan.globals }),
      ...collectionsOf(plan, run.token, settings),
    },
    options: toRunOptions(plan, settings),
    jobs: new Set(plan.jobs.map((job) => job.id)),
    dataclipId: plan.dataclip_id,
    credentialIds: [...new Set(credentialIds)],
    keepsDataclips: plan.options.output_dataclips !== false,
  };
}

/** The same plan with the fetched credentials in their places. */
export function withCredentials(
  plan: ExecutionPlan,
  credentials: ReadonlyMap<string, unknown>,
): ExecutionPlan {
  const steps = plan.steps.map((step) => {
    const { configuration, ...rest } = step;
    if (typeof configuration !== "string") return step;
    const fetched = credentials.get(configuration);
    return isRecord(fetched) ? { ...rest, configuration: fetched } : rest;
  });
  return { ...plan, steps };
}

function triggerStep(id: string, edges: readonly LightningEdge[]): PlanStep {
  const next = edges
    .filter((edge) => edge.source_trigger_id === id && edge.enabled)
    .map((edge): [string, boolean | PlanEdge] => [edge.target_job_id, enabledEdge(edge)]);
  return { id, next: Object.fromEntries(next) };
}

function jobStep(
  job: LightningJob,
  edges: readonly LightningEdge[],
  { collections }: CoreSettings,
): PlanStep {
  const next = edges
    .filter((edge) => edge.source_job_id === job.id)
    .map((edge): [string, boolean | PlanEdge] => [
      edge.target_job_id,
      edge.enabled ? enabledEdge(edge) : { disabled: true },
    ]);
  const expression = job.body ?? "";
  const usesCollections = collections !== undefined && /collections\./.test(expression);
  return {
    id: job.id,
    expression,
    adaptors: [
      ...(job.adaptor ? [job.adaptor] : []),
      ...(usesCollections ? [`@openfn/language-collections@${collections.version}`] : []),
    ],
    ...(job.name !== undefined && { name: job.name }),
    ...(job.credential !== undefined && { configuration: job.credential }),
    ...(job.state !== undefined && { state: job.state }),
    ...(next.length > 0 && { next: Object.fromEntries(next) }),
  };
}

/** Words for conditions (`on_job_success` and its like) are known to the runtime. */
function enabledEdge({ condition }: LightningEdge): boolean | PlanEdge {
  if (condition === undefined || condition === "" || condition === "always") return true;
  return { condition };
}

function collectionsOf(
  plan: LightningPlan,
  token: string,
  { collections }: CoreSettings,
): Pick<ExecutionPlan, "credentials"> {
  if (collections === undefined) return {};
  return {
    credentials: {
      collections_token: token,
      collections_endpoint: collections.url,
      ...(plan.project_id !== undefined && { project_id: plan.project_id }),
    },
  };
}

const logLevels = ["debug", "info", "warn", "error", "none"] as const;
const policies = ["none", "remove", "summarize", "obfuscate"] as const;

/** A line travels in one frame, and Lightning takes none over 11 MB. */
const MAX_LINE_MB = 10;

function toRunOptions({ options }: LightningPlan, { run }: CoreSettings): PlannedOptions {
  const jobLogLevel = logLevels.find((level) => level === options.job_log_level);
  const sanitize = policies.find((policy) => policy === options.sanitize);
  return {
    timeoutMs: options.run_timeout_ms ?? run.timeoutMs,
    memoryLimitMb: options.run_memory_limit_mb ?? run.memoryLimitMb,
    payloadLimitMb: options.payload_limit_mb ?? run.payloadLimitMb,
    logPayloadLimitMb: Math.min(MAX_LINE_MB, options.log_payload_limit_mb ?? run.logPayloadLimitMb),
    statePropsToRemove: run.statePropsToRemove,
    ...(jobLogLevel !== undefined && { jobLogLevel }),
    ...(sanitize !== undefined && { sanitize }),
    ...(run.profilePollMs !== undefined && { profilePollMs: run.profilePollMs }),
  };
}
