import type { Client } from "../client.ts";
import type { Desk } from "../desk.ts";

export interface Scene {
  readonly desk: Desk;
  /** Joined to `worker:queue`. */
  readonly worker: Client;
  /** A run that waits. */
  readonly runId: string;
}

export type Case = (scene: Scene, kind: string) => Promise<void>;

export const claim = { demand: 1, worker_name: "desk", queues: ["*"] };
export const stamp = "1790000000000001";

/** Nothing came for what was just sent: the answer to a later heartbeat is there, and no other. */
export async function unanswered(worker: Client, topic: string, event: string, payload: unknown) {
  const frames = worker.frames.length;
  void worker.push(topic, event, payload);
  await worker.push("phoenix", "heartbeat", {});
  return worker.frames.slice(frames).every((frame) => frame.topic === "phoenix");
}

export const stateOf = (desk: Desk, runId: string) => desk.ledger.runs.get(runId)?.state;

export async function answersTo(worker: Client, topic: string, event: string, payload: unknown) {
  const frames = worker.frames.length;
  await worker.push(topic, event, payload);
  await worker.push("phoenix", "heartbeat", {});
  return worker.frames.slice(frames).filter((frame) => frame.topic === topic);
}

/**
 * The topics of the replies, in order, to what is sent in one go with a heartbeat behind it. All of
 * it lies in the server's buffer before the server reads, so that the order owes nothing to time.
 */
export async function orderOfReplies(worker: Client, send: () => Promise<unknown>[]) {
  const before = worker.frames.length;
  await Promise.all([...send(), worker.push("phoenix", "heartbeat", {})]);
  const replies = worker.frames.slice(before).filter(({ event }) => event === "phx_reply");
  return replies.map(({ topic }) => topic.split(":")[0]);
}
