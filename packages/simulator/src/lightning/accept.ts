import { joinQueue, joinRun, type Reply } from "@workloops/local-lightning/run-ledger";
import {
  type Frame,
  HEARTBEAT_TOPIC,
  isRecord,
  own,
  phoenix,
  QUEUE_TOPIC,
  runOfTopic,
} from "@workloops/worker/protocol";
import type { Acceptor, Connection } from "../world/network.ts";
import { onClaim } from "./claim-exchange.ts";
import { onRunEvent } from "./run-exchange.ts";
import { answer, endChannel, replyFrame, type Server, type ServerChannel } from "./server.ts";

/** Phoenix closes a socket that said nothing for so long. */
const IDLE_MS = 60_000;

/** How often a good token may be refused at a run's join: a worker takes one more for an answer. */
const MAX_REFUSALS = 2;

/** The Phoenix side of the server. */
export function acceptor(server: Server): Acceptor {
  const heardAt = new Map<Connection, number>();
  const watch = (connection: Connection): void => {
    const heard = heardAt.get(connection);
    if (heard === undefined) return;
    if (heard + IDLE_MS <= server.agenda.now()) connection.cut("idle for 60 s");
    else server.agenda.at(heard + IDLE_MS, () => watch(connection));
  };
  return {
    opened: (connection) => {
      server.connections.set(connection, new Map());
      heardAt.set(connection, server.agenda.now());
      server.agenda.after(IDLE_MS, () => watch(connection));
    },
    take: (connection, frame) => {
      if (!server.connections.has(connection)) return;
      heardAt.set(connection, server.agenda.now());
      server.tell({ type: "taken", socket: connection.socket, frame });
      take(server, connection, frame);
    },
    closed: (connection) => {
      heardAt.delete(connection);
      for (const channel of server.connections.get(connection)?.values() ?? []) {
        channel.isJoined = false;
      }
      server.connections.delete(connection);
      server.waking.delete(connection);
    },
  };
}

function take(server: Server, connection: Connection, frame: Frame): void {
  if (frame.topic === HEARTBEAT_TOPIC) {
    connection.send(replyFrame(frame, { kind: "ok", response: {} }));
    return;
  }
  if (frame.event === phoenix.join) {
    onJoin(server, connection, frame);
    return;
  }
  const channel = server.connections.get(connection)?.get(frame.topic);
  if (frame.event === phoenix.leave) {
    connection.send(replyFrame(frame, { kind: "ok", response: {} }));
    if (channel !== undefined) endChannel(server, connection, channel, phoenix.close);
  } else if (channel === undefined) {
    const response = { reason: "unmatched topic" };
    connection.send(replyFrame(frame, { kind: "error", response }));
  } else if (channel.run === undefined) onClaim(server, connection, channel, frame);
  else onRunEvent(server, connection, channel, channel.run, frame);
}

/** Joins a topic, in one of the ways that the matrix knows. */
function onJoin(server: Server, connection: Connection, frame: Frame): void {
  const { faults, agenda, chance, scenario } = server;
  const { topic } = frame;
  const runId = runOfTopic(topic);
  const chain = runId === undefined ? undefined : server.ledger.runs.get(runId)?.chain;
  if (isStuck(server, topic, runId)) return;
  takeTokenBack(server, frame, runId);
  if (faults.strikes(8, `the join of ${topic} is not answered`, 0.3, chain)) return;
  const refusal = refusalOf(server, runId);
  if (refusal !== undefined && faults.strikes(8, `the join of ${topic} is refused`, 0.7, chain)) {
    const response = { reason: refusal };
    connection.send(replyFrame(frame, { kind: "error", response }));
    return;
  }
  const entered = enter(server, connection, frame, runId);
  if (entered.channel === undefined) {
    connection.send(replyFrame(frame, entered.reply));
    return;
  }
  const { channel, reply } = entered;
  if (faults.strikes(10, `the reply to the join of ${topic} is lost`, 1, chain)) return;
  if (faults.strikes(9, `${topic} is joined twice`, 0.5, chain)) {
    const timeoutMs =
      runId === undefined ? scenario.timing.queueJoinTimeoutMs : scenario.timing.messageTimeoutMs;
    const late = replyFrame(frame, reply);
    agenda.after(timeoutMs * chance.between(1, 1.5), () =>
      answer(server, connection, channel, late),
    );
    return;
  }
  answer(server, connection, channel, replyFrame(frame, reply));
  if (faults.strikes(9, `an older channel of ${topic} is closed`, 0.5, chain)) {
    connection.send({ joinRef: "0", ref: "0", topic, event: phoenix.close, payload: {} });
  }
}

/** The channel of a run may stay deaf until the world is healed: only its token ends that. */
function isStuck({ faults, stuck }: Server, topic: string, runId: string | undefined): boolean {
  if (runId === undefined || !faults.isArmed(8)) return false;
  if (faults.strikes(8, `no join of ${topic} is answered any more`, 0.1)) stuck.add(topic);
  return stuck.has(topic);
}

/** A run that executes may be called off: its channel is closed to the worker from then on. */
function takeTokenBack(server: Server, { payload }: Frame, runId: string | undefined): void {
  if (runId === undefined) return;
  const run = server.ledger.runs.get(runId);
  if (run === undefined) return;
  if (!server.faults.strikes(16, `the token is taken back of ${runId}`, 0.3, run.chain)) return;
  server.tokens.set(String(isRecord(payload) ? own(payload, "token") : ""), undefined);
}

function refusalOf({ chance, refusals }: Server, runId: string | undefined): string | undefined {
  if (runId === undefined || chance.happens(0.5)) return "busy";
  const refused = (refusals.get(runId) ?? 0) + 1;
  if (refused > MAX_REFUSALS) return undefined;
  refusals.set(runId, refused);
  return chance.pick(["unauthorized", "not_found"]);
}

function enter(
  server: Server,
  connection: Connection,
  { topic, joinRef, payload }: Frame,
  runId: string | undefined,
): { reply: Exclude<Reply, { kind: "crash" }>; channel?: ServerChannel } {
  const channels = server.connections.get(connection);
  const old = channels?.get(topic);
  const place = (run: ServerChannel["run"]): ServerChannel => {
    if (old !== undefined) endChannel(server, connection, old, phoenix.close);
    const channel: ServerChannel = { topic, joinRef, run, isBusy: false, isJoined: true };
    channels?.set(topic, channel);
    return channel;
  };
  if (runId === undefined) {
    if (topic !== QUEUE_TOPIC) throw new Error(`no worker of ours joins ${topic}`);
    const reply = joinQueue(server.ledger, connection.workerId, payload, server.moment());
    if (reply.kind === "crash") throw new Error(`the ledger dies of a join: ${reply.why}`);
    return { reply, channel: place(undefined) };
  }
  const token = isRecord(payload) ? own(payload, "token") : undefined;
  const claims = typeof token === "string" ? server.tokens.get(token) : undefined;
  const { ledger } = server;
  const joined = joinRun(ledger, runId, connection.workerId, claims, server.moment());
  if (joined.reply.kind === "crash") throw new Error("the ledger dies of a join");
  if (joined.channel === undefined) return { reply: joined.reply };
  return { reply: joined.reply, channel: place(joined.channel) };
}
