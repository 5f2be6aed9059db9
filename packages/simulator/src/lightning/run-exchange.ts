import { handleRunEvent, type Reply, type RunChannel } from "@workloops/local-lightning/run-ledger";
import { type Frame, isRecord, phoenix, runEvent } from "@workloops/worker/protocol";
import type { Connection } from "../world/network.ts";
import { answer, endChannel, replyFrame, type Server, type ServerChannel } from "./server.ts";

/** Answers an event on `run:<id>`, in one of the ways that the matrix knows. */
export function onRunEvent(
  server: Server,
  connection: Connection,
  channel: ServerChannel,
  run: RunChannel,
  frame: Frame,
): void {
  const perform = (): Reply =>
    handleRunEvent(server.ledger, run, frame.event, frame.payload, server.moment());
  const finish = (reply: Reply): void => {
    if (!frame.event.startsWith("fetch:")) channel.isBusy = false;
    if (reply.kind === "crash") endChannel(server, connection, channel, phoenix.error);
    else answer(server, connection, channel, replyFrame(frame, reword(server, reply)));
  };
  if (frame.event.startsWith("fetch:")) {
    const bad = badContent(server, frame, run.run.chain);
    if (bad === "unanswered") {
      // What is fetched once and then gone is gone also where its answer is lost.
      if (server.chance.happens(0.5)) perform();
      return;
    }
    const reply = bad ?? perform();
    const isLean = server.scenario.leanPlans && frame.event === runEvent.fetchPlan;
    finish(isLean ? leanPlan(run.run, reply) : reply);
    return;
  }
  if (channel.isBusy) {
    server.accuse(`${frame.event} of ${run.run.id} was sent before the last event was answered`);
  }
  channel.isBusy = true;
  onReport(server, channel, run, frame, perform, finish);
}

const DEFAULT_TIMEOUT_MS = 300_000;

/** How often an error is said in other words. */
const REWORDED = 0.2;

/** An error comes in any shape, and is one whatever it says. Source: lightning-protocol 4.12. */
function reword(
  { chance }: Server,
  reply: Exclude<Reply, { kind: "crash" }>,
): Exclude<Reply, { kind: "crash" }> {
  if (reply.kind !== "error" || isAboutClip(reply) || !chance.happens(REWORDED)) return reply;
  return { kind: "error", response: chance.pick([null, "no", ["no"], { reason: "no" }]) };
}

/** One that asks for the same thing in another way has to be understood. */
function isAboutClip({ response }: { readonly response: unknown }): boolean {
  return isRecord(response) && "final_dataclip_id" in response;
}

/** Whether a lean plan of this run names its project. */
export function namesProject(runId: string): boolean {
  return !runId.endsWith("5");
}

/** The plan without what a server may leave out, since it is what a worker takes for granted. */
function leanPlan(run: RunChannel["run"], reply: Reply): Reply {
  if (reply.kind !== "ok" || reply.response !== run.plan) return reply;
  const { project_id, triggers, options, ...plan } = run.plan;
  const said = {
    triggers: triggers.map((each) => (each.id === "trigger" ? {} : each)),
    options: Object.fromEntries(
      Object.entries(options).filter(([, value]) => value !== DEFAULT_TIMEOUT_MS),
    ),
  };
  return { ...reply, response: { ...plan, ...said, ...(namesProject(run.id) && { project_id }) } };
}

/** The content that a run asks for does not come, or is of no use. */
function badContent(
  { faults, chance }: Server,
  frame: Frame,
  chain: string | null,
): Reply | "unanswered" | undefined {
  const isPlan = frame.event === runEvent.fetchPlan;
  if (!faults.strikes(isPlan ? 11 : 12, `${frame.event} fails on ${frame.topic}`, 1.6, chain))
    return undefined;
  switch (chance.below(4)) {
    case 0:
      return { kind: "error", response: { errors: { id: ["could not be fetched"] } } };
    case 1:
      // A credential may be anything, so none is of the wrong kind.
      if (frame.event === runEvent.fetchCredential) return { kind: "error", response: "Sign in" };
      return { kind: "ok", response: isPlan ? { jobs: "none" } : { not: "bytes" } };
    case 2:
      return { kind: "crash", why: "a fault of the world" };
    default:
      return "unanswered";
  }
}

function isWithClip({ event, payload }: Frame): boolean {
  return event === runEvent.runComplete && isRecord(payload) && "final_dataclip_id" in payload;
}

function onReport(
  { faults, chance, agenda, scenario }: Server,
  channel: ServerChannel,
  { run }: RunChannel,
  frame: Frame,
  perform: () => Reply,
  finish: (reply: Reply) => void,
): void {
  const what = `${frame.event} of ${run.id}`;
  if (isWithClip(frame) && faults.strikes(13, `${what} names an unknown clip`, 1, run.chain)) {
    finish({ kind: "error", response: { final_dataclip_id: ["does not exist"] } });
    return;
  }
  if (faults.strikes(13, `the reply to ${what} is lost`, 1, run.chain)) {
    switch (chance.below(3)) {
      case 0:
        return;
      case 1:
        perform();
        return;
      default:
        perform();
        finish({ kind: "crash", why: "a fault of the world" });
        return;
    }
  }
  if (faults.strikes(14, `the reply to ${what} is late`, 1, run.chain)) {
    const delayMs = chance.between(1, scenario.timing.messageTimeoutMs * 1.2);
    const reply = chance.happens(0.5) ? perform() : undefined;
    agenda.after(delayMs, () => {
      // A channel that was left while it waited takes what it waited with to its grave.
      if (channel.isJoined) finish(reply ?? perform());
    });
    return;
  }
  if (faults.strikes(15, `${what} is applied twice`, 1, run.chain)) {
    const first = perform();
    const second = perform();
    finish(first.kind === "crash" ? second : first);
    if (second.kind !== "crash") finish(second);
    return;
  }
  finish(perform());
}
