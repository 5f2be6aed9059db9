import {
  type Frame,
  HEARTBEAT_TOPIC,
  isRecord,
  own,
  phoenix,
  QUEUE_TOPIC,
  queueEvent,
  runOfTopic,
} from "@workloops/worker/protocol";
import { type ControlPlane, moment } from "./control-plane.ts";
import { takeFault } from "./faults/faults.ts";
import { joinQueue, joinRun, type Reply, type RunChannel, recordViolation } from "./run-ledger.ts";
import { exchange, identityOf } from "./socket/exchange.ts";
import { onQueueEvent } from "./socket/on-queue-event.ts";
import { onRunEvent } from "./socket/on-run-event.ts";
import {
  endChannel,
  type Joined,
  send,
  sendReply,
  type WorkerSocket,
} from "./socket/worker-socket.ts";
import { listen } from "./wake-ups.ts";

/** More channels than any worker has runs. */
const topicsPerSocket = 10_000;

/** More than a worker sends while one reply is late. */
const backlogFrames = 1_000;

/** Takes up one frame of a worker: the Phoenix side of the control plane. */
export function receive(plane: ControlPlane, socket: WorkerSocket, frame: Frame): void {
  if (frame.topic === HEARTBEAT_TOPIC) heartbeat(socket, frame);
  else if (frame.event === phoenix.join) join(plane, socket, frame);
  else if (frame.event === phoenix.leave) leave(socket, frame);
  else onEvent(plane, socket, frame);
}

function onEvent(plane: ControlPlane, socket: WorkerSocket, frame: Frame): void {
  const joined = socket.joined.get(frame.topic);
  if (joined === undefined) {
    sendReply(socket, frame, { kind: "error", response: { reason: "unmatched topic" } });
    return;
  }
  if (joined.run !== undefined) judgeInFlight(plane, joined, joined.run, frame);
  if (joined.backlog !== undefined) {
    if (joined.backlog.length < backlogFrames) joined.backlog.push(frame);
    else socket.ws.terminate();
    return;
  }
  if (joined.run === undefined) onQueueEvent(plane, socket, frame);
  else onRunEvent(plane, socket, joined.run, frame);
}

function heartbeat(socket: WorkerSocket, frame: Frame): void {
  sendReply(
    socket,
    frame,
    frame.event === phoenix.heartbeat
      ? { kind: "ok", response: {} }
      : { kind: "error", response: { reason: "unmatched topic" } },
  );
}

function leave(socket: WorkerSocket, frame: Frame): void {
  sendReply(socket, frame, { kind: "ok", response: {} });
  endChannel(socket, frame.topic, phoenix.close);
}

function join(plane: ControlPlane, socket: WorkerSocket, frame: Frame): void {
  const { topic } = frame;
  const runId = runOfTopic(topic);
  const refuse = (reason: string): Reply => ({ kind: "error", response: { reason } });
  const perform = (): Reply => {
    if (topic !== QUEUE_TOPIC && runId === undefined) return refuse("unmatched topic");
    if (socket.joined.size >= topicsPerSocket) return refuse("too many channels on one socket");
    if (runId === undefined) {
      enter(plane, socket, frame, undefined);
      const reply = joinQueue(plane.ledger, socket.workerId, frame.payload, moment());
      const worker = plane.ledger.workers.get(socket.workerId);
      if (worker !== undefined) {
        const { id: workerId, capacity, slots } = worker;
        plane.tell({ type: "joined", workerId, capacity, slots });
      }
      return reply;
    }
    const claims = plane.keys.open(tokenOf(frame.payload));
    const { reply, channel } = joinRun(plane.ledger, runId, socket.workerId, claims, moment());
    if (channel !== undefined) enter(plane, socket, frame, channel);
    return reply;
  };
  const fault =
    runId === undefined
      ? takeFault(plane.faults, "queue-join", {})
      : takeFault(plane.faults, "run-join", { runId });
  exchange({
    ...{ plane, socket, request: frame, fault, perform },
    refusal: { reason: "unauthorized" },
  });
}

function tokenOf(payload: unknown): unknown {
  return isRecord(payload) ? own(payload, "token") : undefined;
}

/** A second join of a topic closes the first: Phoenix keeps the later. */
function enter(
  plane: ControlPlane,
  socket: WorkerSocket,
  frame: Frame,
  run: RunChannel | undefined,
): void {
  const { topic, joinRef } = frame;
  if (socket.joined.has(topic)) {
    plane.joinsReplaced += 1;
    endChannel(socket, topic, phoenix.close);
  }
  const wake = (): void => {
    send(socket, { joinRef, ref: null, topic, event: queueEvent.workAvailable, payload: {} });
  };
  const close = run === undefined ? listen(plane.wakeUps, wake) : () => {};
  const base = { topic, joinRef, close, backlog: undefined, unanswered: undefined };
  socket.joined.set(topic, run === undefined ? base : { ...base, run });
}

/** A worker sends the next event of a run when the last was answered; fetching is free. */
function judgeInFlight(
  plane: ControlPlane,
  joined: Joined,
  { run, workerId }: RunChannel,
  frame: Frame,
): void {
  const { unanswered } = joined;
  if (unanswered === undefined || unanswered.startsWith("fetch:")) return;
  if (frame.event.startsWith("fetch:") || identityOf(frame) === unanswered) return;
  recordViolation(plane.ledger.violations, {
    ...{ kind: "two-in-flight", runId: run.id, event: frame.event, workerId },
    at: moment().now,
    detail: `${unanswered.slice(0, unanswered.indexOf(" "))} was not answered yet`,
  });
}
