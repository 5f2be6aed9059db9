import type { Frame } from "@workloops/worker/protocol";
import { type ControlPlane, later } from "../control-plane.ts";
import type { FaultEffect } from "../faults/fault-table.ts";
import type { Fault } from "../faults/faults.ts";
import type { Reply } from "../run-ledger.ts";
import { guard } from "./guard.ts";
import { sendReply, type WorkerSocket } from "./worker-socket.ts";

/** One request of a worker, and all that may go wrong with it. */
export interface Exchange {
  readonly plane: ControlPlane;
  readonly socket: WorkerSocket;
  readonly request: Frame;
  readonly fault: Fault | undefined;
  /** Does what is asked and says the answer. */
  readonly perform: () => Reply;
  /** The error where the fault says that one is given. */
  readonly refusal: unknown;
  /** The answer was not sent: the socket is dead, or the answer was lost on the way. */
  readonly unsent?: (why: "dead" | "lost") => void;
}

/** What each effect does to an exchange; one that is not here leaves it alone. */
const effects: { readonly [effect in FaultEffect]?: (context: Exchange, fault: Fault) => void } = {
  lost: () => {},
  "reply-lost": (context) => {
    context.perform();
    context.unsent?.("lost");
  },
  "reply-late": answerLate,
  stalled: stall,
  "reply-twice": (context) => {
    const reply = context.perform();
    answer(context, reply);
    answer(context, reply);
  },
  "applied-twice": (context) => {
    answer(context, context.perform());
    answer(context, context.perform());
  },
  refused: (context, fault) =>
    answer(context, { kind: "error", response: fault.response ?? context.refusal }),
  answered: (context, { status, response }) =>
    answer(context, { kind: status === "error" ? "error" : "ok", response }),
  crash: (context) => answer(context, { kind: "crash", why: "a fault was asked for" }),
  "drop-before": ({ socket }) => socket.ws.terminate(),
  "drop-after": (context) => {
    context.perform();
    context.socket.ws.terminate();
    context.unsent?.("dead");
  },
  padded: (context, fault) => answer(context, pad(context.perform(), fault.bytes ?? 12_000_000)),
};

/** Does a request and answers it, or fails to in the way that the fault wants. */
export function exchange(context: Exchange): void {
  const { fault } = context;
  const effect = fault?.row.effect === undefined ? undefined : effects[fault.row.effect];
  if (fault !== undefined && effect !== undefined) effect(context, fault);
  else answer(context, context.perform());
}

function answer(context: Exchange, reply: Reply): void {
  const sent = sendReply(context.socket, context.request, reply);
  if (!sent) context.unsent?.("dead");
}

/** An answer that comes after its channel was left or joined anew comes from a process that is gone. */
function answerLate(context: Exchange, fault: Fault): void {
  const { plane, socket, request } = context;
  const reply = context.perform();
  const joined = socket.joined.get(request.topic);
  if (joined !== undefined) joined.unanswered = identityOf(request);
  later(plane, fault.ms ?? 1_000, () => {
    if (joined !== undefined) joined.unanswered = undefined;
    if (socket.joined.get(request.topic) !== joined) context.unsent?.("dead");
    else guard(plane, socket, request.topic, () => answer(context, reply));
  });
}

/** The channel is one process: what comes behind the stalled request waits too, in order. */
function stall(context: Exchange, fault: Fault): void {
  const { plane, socket, request } = context;
  const joined = socket.joined.get(request.topic);
  if (joined === undefined) return;
  joined.backlog = [];
  joined.unanswered = identityOf(request);
  later(plane, fault.ms ?? 1_000, () => {
    const backlog = joined.backlog ?? [];
    joined.backlog = undefined;
    joined.unanswered = undefined;
    if (socket.joined.get(request.topic) !== joined) return;
    guard(plane, socket, request.topic, () => answer(context, context.perform()));
    for (const frame of backlog) socket.receive(frame);
  });
}

/** What makes a request the same one when it is sent again: all but its ref. */
export function identityOf(request: Frame): string {
  return `${request.event} ${JSON.stringify(request.payload)}`;
}

function pad(reply: Reply, bytes: number): Reply {
  if (reply.kind === "dataclip") return { ...reply, text: reply.text + " ".repeat(bytes) };
  if (reply.kind !== "ok" || typeof reply.response !== "object") return reply;
  return { kind: "ok", response: { ...reply.response, padding: "x".repeat(bytes) } };
}
