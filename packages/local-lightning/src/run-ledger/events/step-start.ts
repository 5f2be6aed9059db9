import { isRecord, own } from "@workloops/worker/protocol";
import { eventTime } from "../event-time.ts";
import { isBlank, isUuid, textOrNull } from "../field.ts";
import { blank, crash, invalid, ok, type Reply, refuse, refuseWrapped, taken } from "../reply.ts";
import type { EventContext, EventHandler } from "../run-event.ts";

/** Does not look at the run's state. Source: protocol page, section 4.7. */
export const stepStart: EventHandler = (context) => {
  const { ledger, channel, payload, moment, accuse } = context;
  if (!isRecord(payload)) return crash("step:start: the payload is no object");
  const { run } = channel;
  const refused = checkJob(context, payload) ?? checkIds(context, payload);
  if (refused !== undefined) return refused;
  const startedAt = eventTime(own(payload, "timestamp"), moment.now);
  if (startedAt === undefined) return refuse("timestamp", invalid);
  const id = String(own(payload, "step_id"));
  if (ledger.usedIds.has(id)) return clash(context, id);
  if (run.steps.size >= ledger.settings.stepsPerRun)
    return refuse("step_id", `is one too many: a run has at most ${ledger.settings.stepsPerRun}`);
  if (run.startedAt === null) accuse("out-of-order", "a step of a run that was not started");
  ledger.usedIds.add(id);
  run.steps.set(id, {
    id,
    jobId: String(own(payload, "job_id")),
    inputDataclipId: textOrNull(own(payload, "input_dataclip_id")),
    credentialId: textOrNull(own(payload, "credential_id")),
    startedAt,
    outputDataclipId: null,
    outputError: null,
    finishedAt: null,
    reason: null,
    errorType: null,
    errorMessage: null,
    mem: null,
    duration: null,
    threadId: null,
  });
  return ok({ step_id: id });
};

type Payload = Readonly<Record<string, unknown>>;

function checkJob({ channel }: EventContext, payload: Payload): Reply | undefined {
  const jobId = own(payload, "job_id");
  // The two hand-written errors are wrapped in `errors`, the others are not.
  if (jobId === undefined) return refuseWrapped("job_id", blank);
  if (jobId === null) return refuseWrapped("job_id", "Job not found!");
  if (channel.run.plan.jobs.some((job) => job.id === jobId)) return undefined;
  return refuse("job_id", isUuid(jobId) ? "does not exist" : invalid);
}

function checkIds({ channel, accuse }: EventContext, payload: Payload): Reply | undefined {
  const stepId = own(payload, "step_id");
  if (isBlank(stepId)) return refuse("step_id", blank);
  if (!isUuid(stepId)) return refuse("step_id", invalid);
  const input = own(payload, "input_dataclip_id");
  if (isBlank(input)) return undefined;
  if (!isUuid(input)) return refuse("input_dataclip_id", invalid);
  if (channel.run.dataclips.has(input)) return undefined;
  accuse("out-of-order", "a step whose input no step has given");
  return refuse("input_dataclip_id", "does not exist");
}

function clash({ ledger, channel }: EventContext, stepId: string): Reply {
  if (channel.run.steps.has(stepId)) ledger.counts.resent += 1;
  return ledger.settings.keyClash === "crash"
    ? crash("step:start: the step's id is there already")
    : refuse("step_id", taken);
}
