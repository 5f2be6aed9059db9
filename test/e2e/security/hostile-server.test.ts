import type { Frame } from "@workloops/worker/protocol";
import { afterEach, expect, test } from "vitest";
import { mutationsOf } from "../../hostile-values.ts";
import { type Lightning, lightning, workerFor } from "../worker/bundle.ts";
import { type Bait, type Relay, startRelay } from "./hostile-relay.ts";

const open: Relay[] = [];

afterEach(async () => {
  for (const relay of open.splice(0)) await relay.close();
});

const quick = ["--mock", "--workloops", "fast_lane:5 *:45", "--backoff", "0.01/0.05"];

/** The shipped worker, between it and a Lightning a relay that says what it likes. */
async function besieged(server: Lightning) {
  const relay = await startRelay(server.url);
  open.push(relay);
  const worker = workerFor(
    { ...server, url: relay.url },
    [...quick, "--log", "debug", "--ops-token", "t"],
    { WORKER_LIGHTNING_PUBLIC_KEY: server.publicKey },
  );
  const [, port = ""] = await worker.said(/status on port (\d+)/);
  await worker.said(/joined the queue/);
  return {
    relay,
    worker,
    port,
    /** The server behaves again: both lanes claim, their runs end well, and the worker stops as it should. */
    async survives(): Promise<void> {
      relay.bait(undefined);
      const ids = [
        ...(await server.runs(5, { queue: "fast_lane" })),
        ...(await server.runs(5, { queue: "default" })),
      ];
      const ended = await Promise.all(ids.map((id) => server.ended(id)));
      expect(ended.map(({ state }) => state)).toEqual(ids.map(() => "success"));
      worker.signal("SIGTERM");
      expect(await worker.ended).toBe(0);
      // Neither the worker's secret and token nor that of any run was told to anybody.
      expect(worker.printed()).not.toMatch(/eyJ[\w-]{8}|not base64/);
    },
  };
}

/** Ahead of each frame one that is wrong in one place, until every place of each kind had its turn. */
function mutated(wants: (kind: string) => boolean) {
  const places = new Map<string, string[]>();
  const bait: Bait = (frame, request) => {
    const kind = kindOf(frame, request);
    if (frame.event !== "phx_reply" || !wants(kind)) return [];
    const { joinRef, ref, topic, event, payload } = frame;
    const mutations = mutationsOf([joinRef, ref, topic, event, asJson(payload)]);
    // What is wrong is remembered by its place, so that it fits the frame that it is put into.
    const left = places.get(kind) ?? mutations.map(({ where }) => where);
    // Around the payload, it is nobody's answer: all of it can be said at once. Inside, it may be
    // taken for the answer, and what is said after it would not be listened to.
    const now = left.filter((where) => !/^4[. ]/.test(where));
    const place = left.findLast((where) => /^4[. ]/.test(where));
    places.set(
      kind,
      left.filter((where) => where !== place && !now.includes(where)),
    );
    return mutations
      .filter(({ where }) => where === place || now.includes(where))
      .map(({ text }) => text);
  };
  return {
    bait,
    kinds: () => [...places.keys()].sort(),
    left: () => [...places.values()].reduce((sum, { length }) => sum + length, 0),
  };
}

function kindOf({ payload }: Frame, request: Frame | undefined): string {
  const { event = "", topic = "" } = request ?? {};
  if (event === "phx_join") return topic === "worker:queue" ? "join of the queue" : "join of a run";
  const { response } = payload as { response?: { runs?: readonly unknown[] } };
  return event === "claim" ? `claim of ${response?.runs?.length ?? 0}` : event;
}

/** A dataclip comes as bytes; some servers send a list of numbers instead. */
function asJson(payload: unknown): unknown {
  return JSON.parse(
    JSON.stringify(payload, (_key, value: unknown) =>
      value instanceof Uint8Array ? [...value] : value,
    ),
  );
}

const plan = {
  triggers: [{ id: "t" }],
  jobs: [
    { id: "a", body: "", credential_id: "cred" },
    { id: "b", body: "" },
  ],
  edges: [
    { id: "e", source_trigger_id: "t", target_job_id: "a", enabled: true, condition: "always" },
    { id: "f", source_job_id: "a", target_job_id: "b", enabled: true, condition: "always" },
  ],
  starting_node_id: "t",
  options: { run_timeout_ms: 5_000, output_dataclips: true },
};

test("a server that is wrong in every field of every message of a run does not end the worker", async () => {
  const server = await lightning();
  const { relay, survives } = await besieged(server);
  const { bait, kinds, left } = mutated((kind) => !/^claim|queue|heartbeat|phx_leave/.test(kind));
  relay.bait(bait);
  const credentials = { cred: { password: "p" } };
  let runs = 0;
  do {
    const run = { body: undefined, plan, credentials, input: { a: 1 } };
    const ids = await server.runs(50, run);
    await Promise.all(ids.map((id) => server.ended(id)));
    runs += ids.length;
  } while (left() > 0 && runs < 3_000);
  expect(left()).toBe(0);
  expect(kinds()).toEqual([
    ...["fetch:credential", "fetch:dataclip", "fetch:plan", "join of a run", "run:complete"],
    ...["run:log", "run:start", "step:complete", "step:start"],
  ]);
  await survives();
});

test("a server that is wrong in every field of what it says of the queue does not end the worker", async () => {
  const server = await lightning();
  const { relay, survives } = await besieged(server);
  const { bait, kinds, left } = mutated((kind) => /^claim of [01]$|queue/.test(kind));
  const answered = () =>
    new Promise<void>((resolve) => {
      relay.bait((frame, request) => {
        if (request?.event === "claim") setImmediate(resolve);
        return bait(frame, request);
      });
    });
  let rounds = 0;
  do {
    await server.runs(1, { queue: "fast_lane" });
    await server.runs(1, { queue: "default" });
    const claim = answered();
    relay.cut();
    await claim;
    rounds += 1;
  } while ((left() > 0 || kinds().length < 3) && rounds < 1_000);
  expect(left()).toBe(0);
  expect(kinds()).toEqual(["claim of 0", "claim of 1", "join of the queue"]);
  await survives();
});

/** Frames that no Lightning sends, by what is wrong with them. */
const strangeFrames: Readonly<Record<string, (relay: Relay) => void>> = {
  "texts that are no frames": ({ say }) => {
    for (const text of ["", "null", "{}", "[]", "[[[[", '["1","2"]', "\u0000", "\ud800"]) say(text);
  },
  "replies with something wrong in any part": ({ say }) => {
    for (const { text } of mutationsOf(["1", "2", "worker:queue", "phx_reply", {}])) say(text);
  },
  "wake-ups with something wrong in any part": ({ say }) => {
    for (const { text } of mutationsOf(["1", null, "worker:queue", "work-available", {}]))
      say(text);
  },
  "bytes that are no frames": ({ say }) => {
    for (let n = 0; n < 10_000; n += 1) say(Buffer.from([n % 256, 255, 255, 255, 255, 0, 1]));
  },
  "ends of the queue with something wrong in any part": ({ say }) => {
    for (const { text } of mutationsOf([null, null, "worker:queue", "phx_close", {}])) say(text);
  },
  "crashes of the queue with something wrong in any part": ({ say }) => {
    for (const { text } of mutationsOf([null, null, "worker:queue", "phx_error", {}])) say(text);
  },
  "100,000 events that do not exist": ({ say }) => {
    for (let n = 0; n < 100_000; n += 1) say(`["1",null,"worker:queue","event ${n}",{}]`);
  },
  "crashes of channels that do not exist": ({ say }) => {
    for (let n = 0; n < 1_000; n += 1) say(`["${n}","${n}","run:${n}","phx_error",{}]`);
  },
};

test.each(Object.entries(strangeFrames))("%s do not end the worker", async (_name, send) => {
  const server = await lightning();
  const { relay, worker, survives } = await besieged(server);
  send(relay);
  await survives();
  // A line for each of them would be a flood of its own.
  expect(worker.printed().match(/ignored/g)?.length ?? 0).toBeLessThanOrEqual(200);
});

/** What breaks the connection itself, and the bytes below it. */
const breaking: Readonly<Record<string, (relay: Relay) => void>> = {
  "a frame larger than any that is read": ({ say }) => {
    say(`["1","2","worker:queue","phx_reply",{"response":"${"x".repeat(65_000_000)}"}]`);
  },
  "bytes that are no WebSocket": ({ write }) => write(Buffer.alloc(1_000, 0xff)),
  "the head of a frame without end": ({ write, cut }) => {
    write(Buffer.from([0x81, 127, 0, 0, 0, 255, 255, 255, 255, 255]));
    setImmediate(cut);
  },
};

test.each(Object.entries(breaking))("%s: the worker connects anew", async (_name, send) => {
  const server = await lightning();
  const { relay, worker, survives } = await besieged(server);
  send(relay);
  await worker.said(/joined the queue[\s\S]+joined the queue/);
  await survives();
});

test("a claim that is answered with 50,000 runs leaves the other lane its runs", async () => {
  const server = await lightning();
  const { relay, survives } = await besieged(server);
  const runs = Array.from({ length: 50_000 }, (_, n) => ({ id: `ghost-${n}`, token: "a.b.c" }));
  await new Promise<void>((sent) => {
    relay.bait(({ joinRef, ref, topic, event }, request) => {
      const { queues } = (request?.payload ?? {}) as { queues?: readonly string[] };
      if (request?.event !== "claim" || queues?.[0] !== "*") return [];
      relay.bait(undefined);
      setImmediate(sent);
      return [JSON.stringify([joinRef, ref, topic, event, { status: "ok", response: { runs } }])];
    });
  });
  await survives();
});

test("a server that quotes the tokens that it was sent does not get them into the log", async () => {
  const server = await lightning();
  const { relay, worker, survives } = await besieged(server);
  const quoted: string[] = [];
  relay.bait(({ joinRef, ref, topic, event }, request) => {
    const { token } = (request?.payload ?? {}) as { token?: string };
    if (request?.event !== "phx_join" || token === undefined || quoted.length > 3) return [];
    quoted.push(token);
    const response = { reason: `refused: ${token}` };
    return [JSON.stringify([joinRef, ref, topic, event, { status: "error", response }])];
  });
  await server.runs(2);
  await worker.said(/refused: \(a token\)/);
  expect(quoted.length).toBeGreaterThan(0);
  await survives();
});
