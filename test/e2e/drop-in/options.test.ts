import { generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, test } from "vitest";
import { bare, chain, fn, isEnd, job, worker } from "./scene.ts";

const small = [`${fn}fn((s) => ({ ...s, one: 1 }));`, `${fn}fn((s) => ({ ...s, two: 2 }));`];
const shout = (lines: number) =>
  `${fn}fn((s) => { for (let n = 0; n < ${lines}; n += 1) console.log(n); return s; });`;

test("--batch-logs sends lines together, with their steps, and in order", async () => {
  const { url, offer, frame, frames } = await bare();
  offer(chain("r", [shout(120)]));
  worker(url, ["--batch-logs", "--batch-limit", "50"], { WORKER_BATCH_INTERVAL: "5" });
  await frame(isEnd("r"));
  expect(frames.filter(({ event }) => event === "run:log")).toEqual([]);
  const batches = frames.filter(({ event }) => event === "run:batch_logs");
  expect(Object.keys(batches[0]?.payload).sort()).toEqual(["logs", "run_id"]);
  expect(Math.max(...batches.map(({ payload }) => payload.logs.length))).toBeLessThanOrEqual(50);
  const lines = batches.flatMap(({ payload }) => payload.logs);
  const said = lines.filter(({ source }) => source === "JOB");
  expect(said.map(({ message }) => message)).toEqual(Array.from({ length: 120 }, (_, n) => [n]));
  const step = frames.find(({ event }) => event === "step:start")?.payload.step_id;
  expect(new Set(said.map(({ step_id }) => step_id))).toEqual(new Set([step]));
  expect(Object.keys(said[0]).sort()).toEqual([
    "level",
    "message",
    "source",
    "step_id",
    "timestamp",
  ]);
});

test("a project that keeps no dataclips gets their ids alone", async () => {
  const { url, offer, frame, frames } = await bare();
  offer(chain("r", small, { options: { output_dataclips: false } }));
  worker(url);
  await frame(isEnd("r"));
  for (const { payload } of frames.filter(({ event }) => event === "step:complete")) {
    expect(payload).toMatchObject({ output_dataclip_id: expect.any(String) });
    expect(payload).not.toHaveProperty("output_dataclip");
  }
});

test("an output over the payload limit is withheld from the server, and not from the next step", async () => {
  const { url, offer, frame, frames } = await bare();
  const large = `${fn}fn(() => ({ data: "x".repeat(2_000_000) }));`;
  const measure = `${fn}fn((s) => ({ length: s.data.length }));`;
  offer(chain("r", [large, measure]));
  worker(url, [], { WORKER_MAX_PAYLOAD_MB: "1" });
  const { payload } = await frame(isEnd("r"));
  expect(payload).toMatchObject({ reason: "success", final_state: { length: 2_000_000 } });
  const [withheld] = frames.filter(({ event }) => event === "step:complete");
  expect(withheld?.payload).toMatchObject({ output_dataclip_error: "DATACLIP_TOO_LARGE" });
  expect(withheld?.payload).not.toHaveProperty("output_dataclip");
  expect(withheld?.payload).not.toHaveProperty("output_dataclip_id");
  const second = frames.filter(({ event }) => event === "step:start")[1];
  expect(second?.payload).not.toHaveProperty("input_dataclip_id");
});

test("a line over the log limit says that it is, and the run goes on", async () => {
  const { url, offer, frame, frames } = await bare();
  offer(chain("r", [`${fn}fn((s) => { console.log("x".repeat(300_000)); return s; });`]));
  worker(url, [], { WORKER_MAX_LOG_PAYLOAD_MB: "0.2" });
  await frame(isEnd("r"));
  const lines = frames.filter(({ payload }) => payload.source === "JOB");
  expect(lines.map(({ payload }) => payload.message)).toEqual([
    ["(Log message redacted: exceeds 0.2mb memory limit)"],
  ]);
});

test("several leaves: a final state by step id, and no final clip", async () => {
  const { url, offer, frame } = await bare();
  const body = (n: number) => `${fn}fn((s) => ({ leaf: ${n} }));`;
  const edge = (to: string) => ({
    id: to,
    source_trigger_id: "t",
    source_job_id: null,
    target_job_id: to,
    enabled: true,
    condition: "always",
  });
  const plan = {
    id: "r",
    starting_node_id: "t",
    triggers: [{ id: "t" }],
    jobs: [job("a", body(1)), job("b", body(2)), job("c", `${fn}fn(() => ({}));`)],
    edges: [edge("a"), edge("b"), edge("c")],
    options: {},
  };
  offer({ id: "r", plan });
  worker(url);
  const { payload } = await frame(isEnd("r"));
  expect(payload.final_state).toEqual({ a: { leaf: 1 }, b: { leaf: 2 } });
  expect(payload).not.toHaveProperty("final_dataclip_id");
});

test("collections are given to a job that uses them, with the run's token", async () => {
  const { url, offer, frame } = await bare();
  const look = `${fn}fn((s) => { const c = s.configuration; return { c: { ...c } }; });`;
  offer(chain("r", [look], { project_id: "p" }));
  worker(url, ["-c", "https://collections.example", "--state-props-to-remove", "none"]);
  const { payload } = await frame(isEnd("r"));
  expect(payload.final_state.c).toEqual({
    collections_token: "token of r",
    collections_endpoint: "https://collections.example",
    project_id: "p",
  });
});

test("--profile tells the peak of each step's heap", async () => {
  const { url, offer, frame, frames } = await bare();
  const hungry = `${fn}fn(async () => { let l = new Array(2e6).fill(1.5); await new Promise((go) => setTimeout(go, 60)); l = undefined; return {}; });`;
  offer(chain("r", [hungry]));
  worker(url, ["--profile", "--profile-poll-interval-ms", "5"]);
  await frame(isEnd("r"));
  const mem = frames.find(({ event }) => event === "step:complete")?.payload.mem;
  // Two million numbers of 8 bytes were alive while it slept.
  expect(mem.peak).toBeGreaterThan(16_000_000);
});

describe("a public key", () => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = publicKey.export({ type: "spki", format: "pem" });
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1_000);
  const token = (id: string, more: object = {}) => {
    const claims = { iss: "Lightning", id, sub: `run:${id}`, nbf: now, exp: now + 600, ...more };
    const text = `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}`;
    return `${text}.${sign("sha256", Buffer.from(text), privateKey).toString("base64url")}`;
  };

  test("ends the runs whose tokens are not good, each with a reason, and executes the others", async () => {
    const { url, offer, frame, frames } = await bare();
    offer(
      { ...chain("expired", small), token: token("expired", { exp: now - 60 }) },
      { ...chain("foreign", small), token: token("another") },
      { ...chain("issuer", small), token: token("issuer", { iss: "Thunder" }) },
      { ...chain("garbage", small), token: "garbage" },
      { ...chain("good", small), token: token("good", { nbf: now + 4 }) },
    );
    const key = Buffer.from(pem).toString("base64");
    const program = worker(url, ["--lightning-public-key", key, "--capacity", "5"]);
    expect((await frame(isEnd("good"))).payload.reason).toBe("success");
    for (const id of ["expired", "foreign", "issuer", "garbage"]) {
      expect((await frame(isEnd(id))).payload).toMatchObject({
        reason: "exception",
        error_type: "InvalidToken",
      });
      expect(
        frames.filter((one) => one.topic === `run:${id}` && one.event === "run:start"),
      ).toEqual([]);
    }
    program.signal("SIGTERM");
    expect(await program.ended).toBe(0);
  });
});
