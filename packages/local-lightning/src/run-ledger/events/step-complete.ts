import { isRecord, own } from "@workloops/worker/protocol";
import { type Dataclip, readDataclip } from "../dataclip.ts";
import { eventTime } from "../event-time.ts";
import { cut, isBlank, textOrNull } from "../field.ts";
import { keep, kept } from "../keep.ts";
import { blank, crash, invalid, ok, type Reply, refuse, taken } from "../reply.ts";
import type { EventContext, EventHandler } from "../run-event.ts";
import type { StepRecord } from "../run-record.ts";

/** Source: protocol page, section 4.7. */
export const stepComplete: EventHandler = (context) => {
  const { ledger, channel, payload, moment, accuse } = context;
  if (!isRecord(payload)) return crash("step:complete: the payload is no object");
  const id = own(payload, "step_id");
  if (isBlank(id)) return refuse("step_id", blank);
  const reason = own(payload, "reason");
  if (isBlank(reason)) return refuse("reason", blank);
  if (typeof reason !== "string") return refuse("reason", invalid);
  const finishedAt = eventTime(own(payload, "timestamp"), moment.now);
  if (finishedAt === undefined) return refuse("timestamp", invalid);
  const step = typeof id === "string" ? channel.run.steps.get(id) : undefined;
  if (step === undefined) {
    accuse("out-of-order", "the end of a step that was not started");
    return refuse("step_id", "not found");
  }
  const dataclip = readDataclip(payload, channel.run.savesDataclips);
  if (dataclip.kind === "refused") return dataclip.reply;
  const clash = keepDataclip(context, step, dataclip);
  if (clash !== undefined) return clash;
  judgeSecondEnd(context, step, reason);
  step.finishedAt = finishedAt;
  step.reason = reason;
  step.errorType = textOrNull(own(payload, "error_type"));
  step.errorMessage = textOrNull(own(payload, "error_message"));
  step.outputError = textOrNull(own(payload, "output_dataclip_error"));
  step.mem = readMem(own(payload, "mem"));
  step.duration = numberOrNull(own(payload, "duration"));
  step.threadId = cut(String(own(payload, "thread_id") ?? ""), 100) || null;
  const response = kept(ledger, channel.run, own(payload, "webhook_response"));
  // The last step that sends one decides what the caller is answered.
  if (response !== undefined) channel.run.webhookResponse = response;
  return ok({ step_id: step.id });
};

function numberOrNull(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

/** Bytes: what the job used, and its whole process. */
function readMem(value: unknown): StepRecord["mem"] {
  if (!isRecord(value)) return null;
  return { job: numberOrNull(own(value, "job")), system: numberOrNull(own(value, "system")) };
}

function judgeSecondEnd({ ledger, accuse }: EventContext, step: StepRecord, reason: string): void {
  if (step.finishedAt === null) return;
  if (step.reason === reason) ledger.counts.resent += 1;
  else accuse("ended-twice", `step ${step.id} had ended as ${step.reason}, now ${reason}`);
}

function keepDataclip(
  { ledger, channel }: EventContext,
  step: StepRecord,
  dataclip: Dataclip,
): Reply | undefined {
  if (dataclip.kind !== "dataclip") return undefined;
  const { run } = channel;
  if (ledger.usedIds.has(dataclip.id)) {
    if (step.outputDataclipId === dataclip.id) ledger.counts.resent += 1;
    return ledger.settings.keyClash === "crash"
      ? crash("step:complete: the dataclip's id is there already")
      : refuse("output_dataclip_id", taken);
  }
  const hasRoom = keep(ledger, run, dataclip.text?.length ?? 0);
  ledger.usedIds.add(dataclip.id);
  run.dataclips.set(dataclip.id, hasRoom ? dataclip.text : null);
  step.outputDataclipId = dataclip.id;
  return undefined;
}
