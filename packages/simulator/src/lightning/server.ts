import {
  type Ledger,
  type Moment,
  type Reply,
  type RunChannel,
  runJanitor,
} from "@workloops/local-lightning/run-ledger";
import { type Frame, phoenix, queueEvent } from "@workloops/worker/protocol";
import type { Agenda } from "../world/agenda.ts";
import type { Chance } from "../world/chance.ts";
import type { Tell } from "../world/fact.ts";
import type { Faults } from "../world/faults.ts";
import type { Connection } from "../world/network.ts";
import type { Scenario } from "../world/scenario.ts";

/** A channel that a worker has joined. */
export interface ServerChannel {
  readonly topic: string;
  readonly joinRef: string | null;
  /** Absent on `worker:queue`. */
  readonly run: RunChannel | undefined;
  /** An event that changes the run was taken and is not answered. */
  isBusy: boolean;
  isJoined: boolean;
}

/** A run as it stood in the reply to a claim. */
export interface Given {
  /** The worker, and the lane of it that had asked. */
  readonly to: string;
  readonly run: { readonly id: string; readonly token: string };
}

/**
 * A Lightning in the world: frames of Phoenix around the ledger and the queue of the real local
 * Lightning. Time, chance and the faults come from the world.
 */
export interface Server {
  readonly ledger: Ledger;
  readonly scenario: Scenario;
  readonly agenda: Agenda;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly tell: Tell;
  readonly moment: () => Moment;
  /** The claims of each token that was handed out. */
  readonly tokens: Map<string, unknown>;
  readonly connections: Map<Connection, Map<string, ServerChannel>>;
  /** Connections that will be told of new work when their window ends. */
  readonly waking: Set<Connection>;
  /** How often the join of a run was refused although its token was good. */
  readonly refusals: Map<string, number>;
  /** Until when claims of a chain are not answered. */
  readonly deafUntil: Map<string, number>;
  /** Topics that are not answered any more. */
  readonly stuck: Set<string>;
  /** What was given last, to be given again. */
  given: readonly Given[];
  /** Sends SIGTERM to the worker that runs now. */
  readonly terminate: () => void;
  /** What the worker must not do on the wire, found where it was seen. */
  readonly accuse: (detail: string) => void;
}

export function replyFrame(request: Frame, reply: Exclude<Reply, { kind: "crash" }>): Frame {
  const response =
    reply.kind === "dataclip" ? new TextEncoder().encode(reply.text) : reply.response;
  const status = reply.kind === "error" ? "error" : "ok";
  return { ...request, event: phoenix.reply, payload: { status, response } };
}

/** Answers, unless the channel that was asked is gone: then the answer comes from nowhere. */
export function answer(
  { tell }: Server,
  connection: Connection,
  channel: ServerChannel,
  frame: Frame,
): void {
  if (channel.isJoined) connection.send(frame);
  else tell({ type: "vanished", socket: connection.socket, frame });
}

/** Takes a channel off, and tells the worker how. */
export function endChannel(
  server: Server,
  connection: Connection,
  channel: ServerChannel,
  event: typeof phoenix.error | typeof phoenix.close,
): void {
  if (!channel.isJoined) return;
  channel.isJoined = false;
  const channels = server.connections.get(connection);
  if (channels?.get(channel.topic) === channel) channels.delete(channel.topic);
  const { topic, joinRef } = channel;
  connection.send({ joinRef, ref: joinRef, topic, event, payload: {} });
}

/** Tells one worker that there may be work. */
export function pushWakeUp(server: Server, connection: Connection, topic: string): void {
  const channel = server.connections.get(connection)?.get(topic);
  if (channel === undefined) return;
  const { joinRef } = channel;
  connection.send({ joinRef, ref: null, topic, event: queueEvent.workAvailable, payload: {} });
}

/** One pass of the janitor. */
export function sweep(server: Server): void {
  const lost = runJanitor(server.ledger, server.moment());
  if (lost.length > 0) {
    server.tell({ type: "lost-by-janitor", runs: lost.map((run) => run.id) });
  }
}
