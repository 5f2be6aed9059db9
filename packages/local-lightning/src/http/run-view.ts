import type { RunRecord, StepRecord } from "../run-ledger.ts";

/** A run in a line of `GET /runs`. Times are microseconds since the epoch, or null. */
export function runSummary(run: RunRecord) {
  return {
    id: run.id,
    work_order_id: run.workOrderId,
    queue: run.queued.queue,
    state: run.state,
    worker_name: run.workerName,
    inserted_at: run.queued.insertedAt,
    claimed_at: run.claimedAt,
    started_at: run.startedAt,
    finished_at: run.finishedAt,
    reason: run.reason,
    error_type: run.errorType,
  };
}

/** A run with all that its worker told, as `GET /runs/:id` answers. No credential is in it. */
export function runView(run: RunRecord) {
  return {
    ...runSummary(run),
    worker_id: run.workerId,
    chain: run.chain,
    changes: run.changes,
    error_message: run.errorMessage,
    final_state: run.finalState,
    final_dataclip_id: run.finalDataclipId,
    steps: [...run.steps.values()].map((step) => stepView(run, step)),
    logs: run.logs.map((log) => ({
      id: log.id,
      step_id: log.stepId,
      level: log.level,
      source: log.source,
      message: log.message,
      timestamp: log.timestamp,
    })),
    logs_dropped: run.logsDropped,
    events: run.events.map(({ at, event, answer }) => ({ at, event, answer })),
    ends: run.ends.map(({ at, state }) => ({ at, state })),
  };
}

function stepView(run: RunRecord, step: StepRecord) {
  const { outputDataclipId } = step;
  const text = outputDataclipId === null ? null : run.dataclips.get(outputDataclipId);
  return {
    id: step.id,
    job_id: step.jobId,
    credential_id: step.credentialId,
    input_dataclip_id: step.inputDataclipId,
    output_dataclip_id: outputDataclipId,
    output: text === null || text === undefined ? null : (JSON.parse(text) as unknown),
    output_error: step.outputError,
    reason: step.reason,
    error_type: step.errorType,
    error_message: step.errorMessage,
    started_at: step.startedAt,
    finished_at: step.finishedAt,
    mem: step.mem,
    duration: step.duration,
    thread_id: step.threadId,
  };
}
