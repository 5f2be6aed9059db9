import { type Channel, type Push, Socket } from "phoenix";
import { afterEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { workerToken } from "./client.ts";
import { secret, startDesk } from "./desk.ts";

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.disconnect();
});

/** Phoenix's own client: somebody else's reading of the frames. */
function phoenix(url: string): Socket {
  const params = { token: workerToken(secret), api_version: "1.2", worker_version: "1.25.0" };
  const soon = { rejoinAfterMs: () => 1, reconnectAfterMs: () => 1 };
  const socket = new Socket(url, { params, transport: WebSocket as never, ...soon });
  sockets.push(socket);
  socket.connect();
  return socket;
}

function answer(push: Push): Promise<unknown> {
  return new Promise((resolve, reject) => {
    push
      .receive("ok", resolve)
      .receive("error", (reason: unknown) => reject(new Error(JSON.stringify(reason))))
      .receive("timeout", () => reject(new Error("timeout")));
  });
}

async function takeWith(socket: Socket): Promise<{ queue: Channel; run: Channel }> {
  const queue = socket.channel("worker:queue", { capacity: 1, queues: { "*": 1 } });
  await answer(queue.join());
  const claim = { demand: 1, worker_name: "phoenix", queues: ["*"] };
  const { runs } = (await answer(queue.push("claim", claim))) as {
    runs: { id: string; token: string }[];
  };
  const [run] = runs;
  if (run === undefined) throw new Error("nothing to claim");
  const channel = socket.channel(`run:${run.id}`, { token: run.token });
  await answer(channel.join());
  return { queue, run: channel };
}

test("Phoenix's client joins, claims, fetches a binary dataclip, and leaves", async () => {
  const desk = await startDesk();
  const id = await desk.run({ input: { grüße: "ä" } });
  const { queue, run } = await takeWith(phoenix(desk.url));
  expect(await answer(run.push("fetch:plan", {}))).toMatchObject({ id });
  const bytes = (await answer(run.push("fetch:dataclip", {}))) as ArrayBuffer;
  expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual({ grüße: "ä" });
  expect(await answer(run.push("run:start", {}))).toBeNull();
  await expect(answer(run.push("run:complete", {}))).rejects.toThrow("can't be blank");
  expect(await answer(run.push("run:complete", { reason: "success" }))).toBeNull();
  await answer(run.leave());
  const woken = new Promise((resolve) => queue.on("work-available", resolve));
  await desk.run();
  expect(await woken).toEqual({});
});

test("Phoenix's client joins again by itself after its channel died, and after its socket did", async () => {
  const desk = await startDesk();
  await desk.run();
  const socket = phoenix(desk.url);
  const { queue } = await takeWith(socket);
  const died = new Promise<void>((resolve) => queue.onError(() => resolve()));
  queue.push("claim", { demand: -1, worker_name: null });
  await died;
  await desk.run();
  // The push waits for the rejoin, and is answered then.
  const claim = () => answer(queue.push("claim", { demand: 1, worker_name: null }));
  expect(await claim()).toMatchObject({ runs: [{ id: expect.any(String) }] });
  const opened = new Promise<void>((resolve) => socket.onOpen(() => resolve()));
  await desk.fault({ kind: "drop-sockets" });
  await opened;
  expect(await claim()).toEqual({ runs: [] });
});
