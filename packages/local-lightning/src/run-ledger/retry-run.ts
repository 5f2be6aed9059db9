import { addRun } from "./add-run.ts";
import type { Ledger } from "./ledger.ts";
import type { Moment } from "./moment.ts";
import type { RunRecord } from "./run-record.ts";

export type Retry =
  | { readonly ok: true; readonly run: RunRecord }
  | { readonly ok: false; readonly problem: string };

/**
 * A new run of the same work order, in the manual queue, from a step with that step's input, or
 * from the start. Refused where the input was wiped. Source: protocol page, section 5.5.
 */
export function retryRun(
  ledger: Ledger,
  run: RunRecord,
  stepId: string | undefined,
  moment: Moment,
): Retry {
  const step = stepId === undefined ? undefined : run.steps.get(stepId);
  if (stepId !== undefined && step === undefined)
    return { ok: false, problem: "step_id: not a step of this run" };
  const inputId = step === undefined ? run.plan.dataclip_id : step.inputDataclipId;
  const input = inputId === null ? undefined : run.dataclips.get(inputId);
  if (input === null) return { ok: false, problem: "the input was wiped" };
  const { id: _id, project_id: _project, dataclip_id: _clip, meta: _meta, ...plan } = run.plan;
  const { jobs, triggers, edges, options, starting_node_id: start, ...extra } = plan;
  const startingNodeId = step?.jobId ?? start;
  const { queued, credentials, workOrderId, statusCodes } = run;
  const group = (id: string, concurrency: number | null) =>
    concurrency === null ? { id } : { id, concurrency };
  const again = addRun(
    ledger,
    {
      ...{ queue: "manual", workOrderId, jobs, triggers, edges, options, extra, credentials },
      ...{ statusCodes, priority: queued.priority },
      workflow: group(queued.workflowId, queued.workflowConcurrency),
      project: group(queued.projectId, queued.projectConcurrency),
      ...(startingNodeId !== undefined && { startingNodeId }),
      ...(input !== undefined && { input }),
    },
    moment,
  );
  return { ok: true, run: again };
}
