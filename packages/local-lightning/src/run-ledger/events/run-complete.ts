import { isRecord, own } from "@workloops/worker/protocol";
import { eventTime } from "../event-time.ts";
import { isBlank, isUuid, textOrNull } from "../field.ts";
import { kept } from "../keep.ts";
import { blank, crash, invalid, ok, type Reply, refuse } from "../reply.ts";
import type { EventContext, EventHandler } from "../run-event.ts";
import { type FinalState, finalStates, isFinal } from "../run-record.ts";
import { endRun } from "../run-state.ts";

const stateOfReason: ReadonlyMap<unknown, FinalState> = new Map<unknown, FinalState>([
  ["ok", "success"],
  ["success", "success"],
  ["fail", "failed"],
  ["crash", "crashed"],
  ["cancel", "cancelled"],
  ["kill", "killed"],
  ["exception", "exception"],
  ...finalStates.map((state) => [state, state] as const),
]);

/** Source: protocol page, section 4.9. */
export const runComplete: EventHandler = (context) => {
  const { ledger, channel, payload, moment } = context;
  if (!isRecord(payload)) return crash("run:complete: the payload is no object");
  const { run } = channel;
  const reason = own(payload, "reason") ?? own(payload, "state");
  if (isBlank(reason)) return refuse("state", blank);
  const state = stateOfReason.get(reason);
  if (state === undefined) return refuse("state", invalid);
  const refused = checkState(context, state) ?? checkFinalDataclip(context, payload);
  if (refused !== undefined) return refused;
  const finishedAt = eventTime(own(payload, "timestamp"), moment.now);
  if (finishedAt === undefined) return refuse("timestamp", invalid);
  judgeEnd(context, state);
  run.reason = String(reason);
  run.errorType = textOrNull(own(payload, "error_type"));
  run.errorMessage = textOrNull(own(payload, "error_message"));
  run.finalState = kept(ledger, run, own(payload, "final_state")) ?? null;
  run.finalDataclipId = textOrNull(own(payload, "final_dataclip_id"));
  endRun(ledger, run, state, finishedAt, channel.workerId);
  channel.knownState = state;
  return ok(null);
};

/** The channel's copy decides, not the run: that is how a lost run can still be completed. */
function checkState({ ledger, channel, accuse }: EventContext, state: FinalState) {
  const { run, knownState } = channel;
  if (isFinal(knownState)) {
    if (run.state === state || run.state === "lost") ledger.counts.resent += 1;
    else accuse("ended-twice", `the run had ended as ${run.state}, now ${state}`);
    return refuse("state", "already in completed state");
  }
  if (knownState === "available")
    return refuse("state", "cannot be completed before it is claimed");
  return undefined;
}

function checkFinalDataclip(
  { channel, accuse }: EventContext,
  payload: Readonly<Record<string, unknown>>,
): Reply | undefined {
  const id = own(payload, "final_dataclip_id");
  if (isBlank(id)) return undefined;
  if (!isUuid(id)) return refuse("final_dataclip_id", invalid);
  if (channel.run.dataclips.has(id)) return undefined;
  accuse("out-of-order", "a final dataclip that no step has given");
  return refuse("final_dataclip_id", "does not exist");
}

function judgeEnd({ channel, accuse }: EventContext, state: FinalState): void {
  const { run } = channel;
  if (run.state === "lost")
    accuse("ghost-transition", `the janitor had called the run lost, now it is ${state}`);
  else if (isFinal(run.state))
    accuse("ended-twice", `another channel had ended the run as ${run.state}, now ${state}`);
  if (state !== "success") return;
  const open = [...run.steps.values()].filter((step) => step.finishedAt === null);
  if (open.length > 0)
    accuse("success-with-open-steps", `${open.length} of ${run.steps.size} steps have no end`);
}
