import type {
  Engine,
  ExecutionPlan,
  PlanEdge,
  PlanStep,
  RunEvent,
  RunOptions,
} from "@workloops/engine";
import { type Said, sortEvents } from "../engine/execute.ts";
import type { JobVector } from "./job-vectors.ts";

/** Runs one row as the worker would: its plan in Lightning's shape, converted by the contract, section 6. */
export async function runVector(engine: Engine, vector: JobVector): Promise<Said> {
  const events: RunEvent[] = [];
  const input = vector.raw_input ?? JSON.stringify(vector.input ?? {});
  await engine.execute(planOf(vector), input, optionsOf(vector), "manual", (event) => {
    events.push(event);
  }).ended;
  return sortEvents(events);
}

function planOf({ plan, credentials = {} }: JobVector): ExecutionPlan {
  const nodes: Record<string, PlanStep & { next: Record<string, boolean | PlanEdge> }> = {};
  for (const { id } of plan.triggers ?? []) nodes[id] = { id, next: {} };
  for (const job of plan.jobs) {
    const named = job.credential_id;
    const configuration = job.credential ?? (named && (credentials[named] ?? named));
    nodes[job.id] = {
      id: job.id,
      expression: job.body,
      adaptors: job.adaptor === undefined ? [] : [job.adaptor],
      ...(job.name !== undefined && { name: job.name }),
      ...(job.state !== undefined && { state: job.state }),
      ...(configuration && { configuration }),
      next: {},
    };
  }
  for (const edge of plan.edges ?? []) {
    const from = edge.source_trigger_id ?? edge.source_job_id ?? "";
    const node = nodes[from];
    if (node === undefined) continue;
    if (edge.source_trigger_id !== undefined) {
      if (edge.enabled === false) continue;
      const always = edge.condition === undefined || edge.condition === "always";
      node.next[edge.target_job_id] = always || { condition: edge.condition as string };
    } else if (edge.enabled === false) {
      node.next[edge.target_job_id] = { disabled: true };
    } else {
      node.next[edge.target_job_id] = edge.condition == null ||
        edge.condition === "" || { condition: edge.condition };
    }
  }
  return {
    id: "run",
    steps: Object.values(nodes),
    ...(plan.starting_node_id !== undefined && { start: plan.starting_node_id }),
    ...(typeof plan.globals === "string" && { globals: plan.globals }),
  };
}

function optionsOf({ plan }: JobVector): RunOptions {
  const options = plan.options ?? {};
  const fields = {
    timeoutMs: options["run_timeout_ms"] ?? 30_000,
    memoryLimitMb: options["run_memory_limit_mb"],
    payloadLimitMb: options["payload_limit_mb"],
    logPayloadLimitMb: options["log_payload_limit_mb"],
    jobLogLevel: options["job_log_level"],
    sanitize: options["sanitize"],
  };
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as RunOptions;
}

/** What a run said in the words of the vectors. */
export function outcomeOf({ end, steps, logs }: Said): Record<string, unknown> {
  const error = "error" in end ? end.error : undefined;
  const counted = logs.flatMap(({ source, message }) => {
    const text =
      source === "R/T" ? /^Executing expression \((\d+) op/.exec(String(message[0])) : null;
    return text === null ? [] : [Number(text[1])];
  });
  const place = positionOf(error?.message, logs);
  return {
    error_pos: place,
    reason: error?.reason ?? "success",
    error_type: error?.type || null,
    error_message: error?.message,
    final_state:
      end.type === "workflow-complete" && end.finalState !== undefined
        ? JSON.parse(end.finalState)
        : undefined,
    operations: counted,
    steps: steps.map((step) => ({
      job_id: step.stepId,
      reason: step.error?.reason ?? "success",
      error_type: step.error?.type || null,
      error_message: step.error?.message,
      output: step.output === undefined ? undefined : JSON.parse(step.output),
      output_error: step.outputTooLarge ? "DATACLIP_TOO_LARGE" : undefined,
      webhook_response:
        step.webhookResponse === undefined ? undefined : JSON.parse(step.webhookResponse),
    })),
    logs: logs
      .filter(({ source }) => source === "JOB" || source === "ADA")
      .map(({ stepId, source, level, message }) => ({ job_id: stepId, source, level, message })),
  };
}

/**
 * Where an error was: behind the sentence of the compiler, else on the first line of the job's
 * own in the stack that the runtime logs. Both in the user's source.
 */
function positionOf(message: string | undefined, logs: Said["logs"]) {
  const stacks = logs.filter(({ source, level }) => source === "R/T" && level === "error");
  const [, line, column] =
    /\((\d+):(\d+)\)$/.exec(message ?? "") ??
    /vm:module\(0\):(\d+):(\d+)/.exec(stacks.map((row) => row.message.join(" ")).join("\n")) ??
    [];
  return line === undefined ? undefined : { line: Number(line), column: Number(column) };
}
