import { enqueue } from "../queue.ts";
import { forgetOldest } from "./keep.ts";
import type { Ledger } from "./ledger.ts";
import type { Moment } from "./moment.ts";
import type { Plan, RunRecord } from "./run-record.ts";

/** The three queues that a run can be in. Source: protocol page, section 3.1. */
export const queueNames = ["default", "fast_lane", "manual"] as const;
export type QueueName = (typeof queueNames)[number];

/** A run to be made. What is left out has Lightning's default. */
export interface NewRun {
  readonly queue: QueueName;
  readonly jobs: Plan["jobs"];
  readonly triggers?: Plan["triggers"];
  readonly edges?: Plan["edges"];
  readonly startingNodeId?: string;
  readonly options?: Plan["options"];
  /** Fields of the plan that are ours to pass on, not to understand: `name`, `globals`. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** JSON text of the input dataclip; absent: the plan names none. */
  readonly input?: string;
  readonly credentials?: ReadonlyMap<string, unknown>;
  /** Absent: a workflow of its own, so that neither window nor limit ties it to another run. */
  readonly workflow?: { readonly id: string; readonly concurrency?: number };
  readonly project?: { readonly id: string; readonly concurrency?: number };
  /** Absent: a new one. */
  readonly workOrderId?: string;
  /** 0 before 1, the default. */
  readonly priority?: number;
  /** What a caller who waits is answered when no step says otherwise. */
  readonly statusCodes?: { readonly success?: number; readonly error?: number };
}

const defaultProject = "00000000-0000-4000-8000-000000000000";

/** Makes a run and puts it in its queue. The caller tells the workers. */
export function addRun(ledger: Ledger, spec: NewRun, moment: Moment): RunRecord {
  const id = moment.newId();
  const workOrderId = spec.workOrderId ?? moment.newId();
  const workflowId = spec.workflow?.id ?? moment.newId();
  const projectId = spec.project?.id ?? defaultProject;
  const dataclipId = spec.input === undefined ? null : moment.newId();
  const timeout = spec.options?.["run_timeout_ms"];
  const plan: Plan = {
    ...spec.extra,
    id,
    project_id: projectId,
    ...(spec.startingNodeId !== undefined && { starting_node_id: spec.startingNodeId }),
    dataclip_id: dataclipId,
    triggers: spec.triggers ?? [],
    jobs: spec.jobs,
    edges: spec.edges ?? [],
    options: {
      output_dataclips: true,
      run_timeout_ms: ledger.settings.runTimeoutMs,
      ...spec.options,
    },
    meta: { work_order_id: workOrderId, workflow_id: workflowId, project_id: projectId },
  };
  const run: RunRecord = {
    ...unclaimed(),
    id,
    workOrderId,
    queued: {
      id,
      queue: spec.queue,
      workflowId,
      projectId,
      priority: spec.priority ?? 1,
      insertedAt: moment.now,
      workflowConcurrency: spec.workflow?.concurrency ?? null,
      projectConcurrency: spec.project?.concurrency ?? null,
    },
    plan,
    timeoutMs: typeof timeout === "number" ? timeout : ledger.settings.runTimeoutMs,
    savesDataclips: plan.options["output_dataclips"] !== false,
    credentials: spec.credentials ?? new Map(),
    dataclips: new Map(dataclipId === null ? [] : [[dataclipId, spec.input ?? null]]),
    statusCodes: {
      success: spec.statusCodes?.success ?? 201,
      error: spec.statusCodes?.error ?? 201,
    },
  };
  ledger.runs.set(id, run);
  enqueue(ledger.queue, run.queued);
  // A run is never cut: where it brings more than it may hold, it holds nothing further.
  run.keptCharacters = sizeOf(spec);
  ledger.keptCharacters += run.keptCharacters;
  forgetOldest(ledger, 0);
  return run;
}

/** About how much text a run brings along. */
function sizeOf({ input, jobs, edges, extra, credentials }: NewRun): number {
  const rest = JSON.stringify([jobs, edges, extra, [...(credentials ?? [])]]);
  return (input?.length ?? 0) + rest.length;
}

function unclaimed() {
  return {
    steps: new Map(),
    logs: [],
    events: [],
    ends: [],
    changes: 0,
    keptCharacters: 0,
    logsDropped: 0,
    state: "available",
    workerName: null,
    workerId: null,
    chain: null,
    claimedAt: null,
    startedAt: null,
    startStamp: undefined,
    finishedAt: null,
    reason: null,
    errorType: null,
    errorMessage: null,
    finalState: null,
    finalDataclipId: null,
    webhookResponse: undefined,
  } satisfies Partial<RunRecord>;
}
