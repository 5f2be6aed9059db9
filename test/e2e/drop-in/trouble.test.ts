import { expect, test } from "vitest";
import type { Sent } from "./bare-lightning.ts";
import { bare, chain, fn, isEnd, ofRun, worker } from "./scene.ts";

const two = [`${fn}fn((s) => ({ ...s, one: 1 }));`, `${fn}fn((s) => ({ ...s, two: 2 }));`];

test("an event whose answer was lost with the socket is sent again with the same ids", async () => {
  const lost = new Set(["step:start", "step:complete", "run:complete"]);
  const { url, offer, frame, frames, cut } = await bare((sent) => {
    if (!lost.has(sent.event)) return undefined;
    // Applied, and its answer lost: the second time the server says that it is there.
    lost.delete(sent.event);
    again.add(sent.event);
    setImmediate(cut);
    return "nothing";
  });
  const again = new Set<string>();
  offer(chain("r", two));
  const program = worker(url);
  await frame((one) => isEnd("r")(one) && frames.filter(isEnd("r")).length > 1);
  expect([...again]).toEqual(["step:start", "step:complete", "run:complete"]);
  const payloads = (event: string) =>
    ofRun(frames, "r")
      .filter((one) => one.event === event)
      .map(({ payload }) => payload);
  for (const event of again) {
    const [first, second] = payloads(event);
    expect(second).toEqual(first);
  }
  expect(payloads("run:complete").at(-1)).toMatchObject({ reason: "success" });
  program.signal("SIGTERM");
  expect(await program.ended).toBe(0);
});

test("that it is there already counts as the answer", async () => {
  let seen = 0;
  const { url, offer, frame, cut } = await bare(({ event }) => {
    if (event !== "step:start") return undefined;
    seen += 1;
    if (seen > 1) return { status: "error", response: { id: ["has already been taken"] } };
    setImmediate(cut);
    return "nothing";
  });
  offer(chain("r", [two[0] ?? ""]));
  const program = worker(url, ["--log", "debug"]);
  expect((await frame(isEnd("r"))).payload.reason).toBe("success");
  expect(seen).toBe(2);
  expect(program.printed()).not.toContain("Lightning refused");
});

test("a claim that was open when the socket went holds no slot, and one channel is joined at a time", async () => {
  let claims = 0;
  const { url, offer, frame, frames, sockets, cut } = await bare(({ event }) => {
    if (event !== "claim") return undefined;
    claims += 1;
    if (claims > 1) return undefined;
    setImmediate(cut);
    return "nothing";
  });
  offer(chain("r", [two[0] ?? ""]));
  worker(url, ["--workloops", "fast_lane:1"]);
  await frame(isEnd("r"));
  const demands = frames
    .filter(({ event }) => event === "claim")
    .map(({ payload }) => payload.demand);
  expect(demands.slice(0, 2)).toEqual([1, 1]);
  expect(sockets).toHaveLength(2);
  expect(
    frames.filter(({ event, topic }) => event === "phx_join" && topic === "worker:queue"),
  ).toHaveLength(2);
});

test("a wake-up makes each lane with room claim at once, whatever its backoff", async () => {
  const { url, offer, frame, frames, push } = await bare();
  worker(url, ["--workloops", "fast_lane:1 manual>*:4", "--backoff", "600/600"]);
  const claims = (): readonly Sent[] => frames.filter(({ event }) => event === "claim");
  await frame(() => claims().length === 2);
  offer(chain("r", [two[0] ?? ""]));
  push("worker:queue", "work-available");
  await frame(isEnd("r"));
  expect(
    claims()
      .slice(2, 4)
      .map(({ payload }) => payload.queues[0])
      .sort(),
  ).toEqual(["fast_lane", "manual"]);
});

test("an input that comes as a list of bytes is read too", async () => {
  const { url, offer, frame } = await bare(({ event }) =>
    event === "fetch:dataclip"
      ? { status: "ok", response: [...Buffer.from('{"data":{"name":"Zoë"}}')] }
      : undefined,
  );
  offer(chain("r", [two[0] ?? ""], { dataclip_id: "clip" }));
  worker(url);
  expect((await frame(isEnd("r"))).payload.final_state).toEqual({ data: { name: "Zoë" }, one: 1 });
});

test.each([
  ["a plan that is refused", { status: "error", response: { reason: "not_found" } }],
  ["a plan that is none", { status: "ok", response: "no plan" }],
  ["a plan whose jobs are none", { status: "ok", response: { jobs: { length: 3 } } }],
] as const)("%s ends its run alone, and the worker lives", async (_name, reply) => {
  let asked = 0;
  const { url, offer, frame } = await bare(({ event }) => {
    if (event !== "fetch:plan") return undefined;
    asked += 1;
    return asked === 1 ? reply : undefined;
  });
  offer(chain("bad", two), chain("good", two));
  const program = worker(url, ["--capacity", "1"]);
  expect((await frame(isEnd("bad"))).payload.reason).toBe("exception");
  expect((await frame(isEnd("good"))).payload.reason).toBe("success");
  program.signal("SIGTERM");
  expect(await program.ended).toBe(0);
});

test("SIGTERM finishes what is held, leaves the queue and ends with 0", async () => {
  const { url, offer, frame, frames } = await bare();
  offer(chain("r", [`${fn}fn((s) => new Promise((go) => setTimeout(() => go(s), 500)));`]));
  const program = worker(url);
  await frame(({ event }) => event === "step:start");
  program.signal("SIGTERM");
  expect(await program.ended).toBe(0);
  expect(frames.filter(isEnd("r")).map(({ payload }) => payload.reason)).toEqual(["success"]);
  expect(frames.at(-1)).toMatchObject({ topic: "worker:queue", event: "phx_leave" });
  const drained = frames.findIndex(({ event }) => event === "step:start");
  expect(frames.slice(drained).filter(({ event }) => event === "claim")).toEqual([]);
});
