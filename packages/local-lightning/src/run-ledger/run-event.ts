import { runEvent } from "@workloops/worker/protocol";
import { fetchCredential } from "./events/fetch-credential.ts";
import { fetchDataclip } from "./events/fetch-dataclip.ts";
import { fetchPlan } from "./events/fetch-plan.ts";
import { runBatchLogs } from "./events/run-batch-logs.ts";
import { runComplete } from "./events/run-complete.ts";
import { runLog } from "./events/run-log.ts";
import { runStart } from "./events/run-start.ts";
import { stepComplete } from "./events/step-complete.ts";
import { stepStart } from "./events/step-start.ts";
import { cut } from "./field.ts";
import type { Ledger } from "./ledger.ts";
import type { Moment } from "./moment.ts";
import { crash, type Reply } from "./reply.ts";
import type { RunChannel } from "./run-channel.ts";
import { isFinal } from "./run-record.ts";
import { recordViolation, type ViolationKind } from "./violation.ts";

/** What a handler is given: the ledger and channel to change, the payload, and a way to accuse. */
export interface EventContext {
  readonly ledger: Ledger;
  readonly channel: RunChannel;
  readonly payload: unknown;
  readonly moment: Moment;
  readonly accuse: (kind: ViolationKind, detail: string) => void;
}

export type EventHandler = (context: EventContext) => Reply;

const handlers: ReadonlyMap<string, EventHandler> = new Map([
  [runEvent.fetchPlan, fetchPlan],
  [runEvent.fetchDataclip, fetchDataclip],
  [runEvent.fetchCredential, fetchCredential],
  [runEvent.runStart, runStart],
  [runEvent.runLog, runLog],
  [runEvent.runBatchLogs, runBatchLogs],
  [runEvent.stepStart, stepStart],
  [runEvent.stepComplete, stepComplete],
  [runEvent.runComplete, runComplete],
]);

/**
 * Answers an event on `run:<id>`, in the exact shapes of the protocol page's section 4, and
 * writes down what the worker should not have done.
 */
export function handleRunEvent(
  ledger: Ledger,
  channel: RunChannel,
  event: string,
  payload: unknown,
  moment: Moment,
): Reply {
  const { run, workerId } = channel;
  // A run that ended long ago makes room for others; who still talks of it finds it gone.
  if (!ledger.runs.has(run.id)) return crash("the run was forgotten");
  const name = cut(event, 100);
  const accuse = (kind: ViolationKind, detail: string): void =>
    recordViolation(ledger.violations, {
      kind,
      runId: run.id,
      event,
      workerId,
      at: moment.now,
      detail,
    });
  const handler = handlers.get(event);
  const wasOver = isFinal(run.state) && run.state !== "lost";
  const reply =
    handler === undefined
      ? crash(`no handler for ${JSON.stringify(name)}`)
      : handler({ ledger, channel, payload, moment, accuse });
  run.changes += 1;
  if (reply.kind === "error") ledger.counts.refused += 1;
  if (wasOver && reply.kind === "ok" && !event.startsWith("fetch:"))
    accuse("event-after-end", `the run had ended as ${run.state}`);
  if (run.events.length < ledger.settings.eventsKeptPerRun)
    run.events.push({ at: moment.now, event: name, answer: reply.kind, workerId });
  return reply;
}
