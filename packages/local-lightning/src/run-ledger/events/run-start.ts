import { isRecord, own } from "@workloops/worker/protocol";
import { eventTime } from "../event-time.ts";
import { crash, invalid, ok, refuse } from "../reply.ts";
import type { EventContext, EventHandler } from "../run-event.ts";
import { startRun } from "../run-state.ts";

/**
 * Lightning starts a run whatever state it is in; what a worker should not have started is
 * written down. Source: protocol page, section 4.6.
 */
export const runStart: EventHandler = (context) => {
  const { ledger, channel, payload, moment } = context;
  if (!isRecord(payload)) return crash("run:start: the payload is no object");
  const stamp = own(payload, "timestamp");
  const at = eventTime(stamp, moment.now);
  if (at === undefined) return refuse("timestamp", invalid);
  judgeStart(context, stamp);
  channel.run.startStamp = stamp;
  startRun(ledger, channel.run, at, channel.workerId);
  channel.knownState = "started";
  judgeCapacity(context);
  return ok(null);
};

function judgeStart({ ledger, channel, accuse }: EventContext, stamp: unknown): void {
  const { run } = channel;
  if (run.state === "available") accuse("started-unclaimed", "nobody had claimed the run");
  if (run.state === "lost") accuse("ghost-transition", "the janitor had called the run lost");
  if (run.startedAt === null) return;
  // The reply to the first may have been lost, and then the same event comes again, before
  // anything that follows it.
  const isResent = stamp !== undefined && stamp === run.startStamp && run.steps.size === 0;
  if (isResent) ledger.counts.resent += 1;
  else accuse("executed-twice", `started before, with ${run.steps.size} steps`);
}

/** A worker joined with so many slots, in all and for the chain that claimed this run. */
function judgeCapacity({ ledger, channel, accuse }: EventContext): void {
  const worker = ledger.workers.get(channel.workerId);
  const started = ledger.started.get(channel.workerId);
  if (worker === undefined || started === undefined) return;
  if (started.size > worker.capacity)
    accuse("over-capacity", `${started.size} runs started on ${worker.capacity} slots`);
  const { chain } = channel.run;
  const slots = chain === null ? undefined : worker.slots.get(chain);
  if (slots === undefined) return;
  let inLane = 0;
  for (const run of started) if (run.chain === chain) inLane += 1;
  if (inLane > slots)
    accuse("over-capacity", `${inLane} runs of ${chain} started on ${slots} slots`);
}
