import { expect } from "vitest";
import { connect, workerToken } from "../client.ts";
import { secret } from "../desk.ts";
import { type Case, orderOfReplies, unanswered } from "./scene.ts";

const joinUnanswered: Case = async ({ desk }, kind) => {
  await desk.fault({ kind });
  const late = await desk.worker();
  expect(await unanswered(late, "worker:queue", "phx_join", {})).toBe(true);
  expect((await late.join("worker:queue")).status).toBe("ok");
};

/** Opening a socket and joining `worker:queue`. */
export const connectionCases: Readonly<Record<string, Case>> = {
  "connection-refused": async ({ desk }, kind) => {
    await desk.fault({ kind, status: 502 });
    await expect(connect(desk.url, workerToken(secret))).rejects.toThrow("502");
    await desk.worker();
  },
  "connection-unanswered": async ({ desk }, kind) => {
    await desk.fault({ kind });
    const first = connect(desk.url, workerToken(secret)).catch(() => "cut at the end");
    await desk.worker();
    const opened = await Promise.race([first, desk.worker().then(() => "another came first")]);
    expect(opened).toBe("another came first");
  },
  "queue-join-refused": async ({ desk }, kind) => {
    await desk.fault({ kind });
    const late = await desk.worker();
    const refused = { status: "error", response: { reason: "unauthorized" } };
    expect(await late.join("worker:queue")).toEqual(refused);
    expect((await late.join("worker:queue")).status).toBe("ok");
  },
  "queue-join-unanswered": joinUnanswered,
  "queue-join-reply-lost": async (scene, kind) => {
    await joinUnanswered(scene, kind);
    // The first join was done: the second took its place.
    expect((await scene.desk.get("/status")).body).toMatchObject({ counts: { joins_replaced: 1 } });
  },
  "queue-join-late": async ({ desk }, kind) => {
    await desk.fault({ kind, ms: 5 });
    const late = await desk.worker();
    const order = await orderOfReplies(late, () => [late.join("worker:queue")]);
    expect(order).toEqual(["phoenix", "worker"]);
  },
};
