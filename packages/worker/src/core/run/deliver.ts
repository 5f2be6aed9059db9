import {
  isRecord,
  type RunCompletePayload,
  runEvent,
  runTopic,
  sayRefusal,
  saysAlreadyThere,
} from "../../protocol/index.ts";
import { ask, rejoinChannel } from "../channel.ts";
import type { KnownEnd } from "../effect.ts";
import { log, setRun, type Turn } from "../turn.ts";
import { closeRun, fieldsOf } from "./end-run.ts";
import { type InFlight, takeNext } from "./outbox.ts";
import type { RunState } from "./run-state.ts";

/**
 * Sends the next event, or the last one again, on a channel that is joined: one is on its way at
 * any time, always in order.
 */
export function deliver(turn: Turn, run: RunState): void {
  const { id } = run;
  const { batchLogs, limits } = turn.state.settings;
  const batching = batchLogs && { ...batchLogs, bytes: limits.batchBytes };
  const outbox = takeNext(run.outbox, batching, turn.at);
  const { inFlight } = outbox;
  if (inFlight === undefined || inFlight.ref !== undefined) {
    setRun(turn, { ...run, outbox });
    return;
  }
  if (inFlight.event === runEvent.runComplete && inFlight.attempts === 0) {
    const entry = { type: "ending", run: id, end: endOf(inFlight) } as const;
    turn.effects.push({ type: "journal", entry, reply: false });
  }
  const ref = ask(
    turn,
    runTopic(id),
    inFlight.event,
    inFlight.payload,
    { type: "report", run: id },
    turn.state.settings.messageTimeoutMs,
  );
  const sent: InFlight = { ...inFlight, ref, attempts: inFlight.attempts + 1 };
  setRun(turn, { ...run, outbox: { ...outbox, inFlight: sent } });
}

function endOf({ payload }: InFlight): KnownEnd {
  const { reason, error_type } = payload as RunCompletePayload;
  return { reason, errorType: error_type };
}

export function onReportReply(
  turn: Turn,
  run: RunState,
  ref: string,
  ok: boolean,
  response: unknown,
): void {
  const inFlight = inFlightAt(run, ref);
  const fields = { ...fieldsOf(turn, run), event: inFlight.event };
  if (!ok && isAboutFinalDataclip(inFlight, response)) {
    log(turn, "warn", "the final dataclip is unknown to Lightning: sent without it", fields);
    const { final_dataclip_id: _, ...payload } = inFlight.payload as Record<string, unknown>;
    deliver(turn, resend(turn, run, { ...inFlight, payload }));
    return;
  }
  if (!ok && !(inFlight.attempts > 1 && saysAlreadyThere(response))) {
    log(turn, "error", `Lightning refused ${inFlight.event}: ${sayRefusal(response)}`, fields);
  }
  const next = leaveOut(turn, run);
  if (inFlight.event === runEvent.runComplete) closeRun(turn, next);
  else deliver(turn, next);
}

/** The event that was sent with this ref. What is asked on a channel is forgotten with it. */
function inFlightAt({ id, outbox: { inFlight } }: RunState, ref: string): InFlight {
  if (inFlight?.ref !== ref) throw new Error(`nothing of run ${id} is on its way as ${ref}`);
  return inFlight;
}

/** A run is worth more than the link to its last clip. */
function isAboutFinalDataclip({ event, payload }: InFlight, response: unknown): boolean {
  return (
    event === runEvent.runComplete &&
    "final_dataclip_id" in payload &&
    isRecord(response) &&
    Object.hasOwn(response, "final_dataclip_id")
  );
}

/** No reply came: the channel may be broken, so it is joined anew and the event sent again. */
export function onReportUnanswered(turn: Turn, run: RunState, ref: string): void {
  const inFlight = inFlightAt(run, ref);
  const { settings } = turn.state;
  const fields = { ...fieldsOf(turn, run), event: inFlight.event, attempt: inFlight.attempts };
  log(turn, "warn", `${inFlight.event} was not answered in time`, fields);
  // Whatever is next goes out once the channel is joined again: on this one nothing is answered.
  if (isLog(inFlight) && inFlight.attempts > settings.resendLimit) {
    leaveOut(turn, run);
  } else resend(turn, run, inFlight);
  rejoinChannel(turn, runTopic(run.id), settings.resendDelayMs);
}

/** A line may be left out for good. Every other event is part of what the run is to the server. */
function isLog({ event }: InFlight): boolean {
  return event === runEvent.runLog || event === runEvent.runBatchLogs;
}

/**
 * The channel went while an event was on its way. One that crashed the channel a second time
 * would do so for ever: the server has it, or will never take it.
 */
export function onReportInterrupted(turn: Turn, run: RunState, crashed: boolean): void {
  const { inFlight } = run.outbox;
  if (inFlight === undefined) return;
  const hopeless = crashed && inFlight.attempts >= 2;
  if (hopeless && inFlight.event !== runEvent.runComplete) {
    log(turn, "error", `${inFlight.event} crashes the run's channel: left out`, {
      ...fieldsOf(turn, run),
    });
    leaveOut(turn, run);
  } else resend(turn, run, inFlight);
}

function resend(turn: Turn, run: RunState, inFlight: InFlight): RunState {
  const again: InFlight = { ...inFlight, ref: undefined };
  return setRun(turn, { ...run, outbox: { ...run.outbox, inFlight: again } });
}

function leaveOut(turn: Turn, run: RunState): RunState {
  return setRun(turn, { ...run, outbox: { ...run.outbox, inFlight: undefined } });
}
