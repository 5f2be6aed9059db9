import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalLightning, startLocalLightning } from "@workloops/local-lightning";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { doctor } from "../../packages/cli/src/commands/doctor.ts";
import { worldOf } from "./worker-io.ts";

const secret = "hush hush";
let server: LocalLightning;
const folder = mkdtempSync(join(tmpdir(), "workloops-doctor-"));

beforeAll(async () => {
  server = await startLocalLightning({ secret });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

async function examine(
  args: readonly string[],
  env: Record<string, string> = { WORKER_SECRET: secret },
) {
  const { io, said } = worldOf(env);
  const code = await doctor(
    ["--lightning", server.url, "--repo-dir", join(folder, "repo"), "--no-journal", ...args],
    io,
  );
  return { code, lines: said.out.trimEnd().split("\n") };
}

test("all is good: it joins with no capacity, and never claims", async () => {
  mkdirSync(join(folder, "repo/node_modules/@openfn/language-common_3.0.0"), { recursive: true });
  const { code, lines } = await examine(["--workloops", "fast_lane:1 *:2"]);
  expect(lines).toEqual([
    "ok      lanes: fast_lane:1 *:2, 3 runs at once",
    "ok      memory: enough for full lanes",
    `ok      repo dir: ${join(folder, "repo")}`,
    "ok      adaptors: language-common_3.0.0",
    "ok      address: on this machine",
    "ok      clock: within 5 s of Lightning's",
    "ok      socket: open, and the token is taken",
    "ok      join: the queue can be joined",
  ]);
  expect(code).toBe(0);
  expect([...server.ledger.workers.values()].map((worker) => worker.capacity)).toEqual([0]);
});

describe("what is wrong is named, with what to do", () => {
  test.each([
    [
      "the secret",
      [],
      { WORKER_SECRET: "loud" },
      "BAD     socket: Lightning refuses this worker (HTTP 401): is the secret the same on both sides?",
    ],
    [
      "no secret",
      [],
      {},
      "BAD     token: no secret: set WORKER_SECRET to the one that Lightning has",
    ],
    ["the lanes", ["--workloops", "a"], undefined, "BAD     lanes: error[capacity-missing]: "],
    [
      "an option",
      ["--port", "x"],
      undefined,
      'BAD     options: --port: "x" is not a whole number from 0 to 65535',
    ],
    [
      "the address",
      ["--lightning", "nowhere"],
      undefined,
      "BAD     address: nowhere is no address: write ws://HOST:PORT/worker or wss://HOST/worker",
    ],
    [
      "the path",
      ["--lightning", "ws://127.0.0.1:1/socket"],
      undefined,
      "warning address: /socket is not /worker, where Lightning listens for workers",
    ],
    [
      "the port",
      ["--lightning", "ws://127.0.0.1:1/worker"],
      undefined,
      "BAD     socket: ECONNREFUSED",
    ],
    [
      "the folder",
      ["--repo-dir", join(import.meta.filename, "repo")],
      undefined,
      `BAD     repo dir: ${join(import.meta.filename, "repo")}: ${import.meta.filename} is no folder`,
    ],
  ])("%s", async (_name, args, env, line) => {
    const { code, lines } = await examine(args, env);
    expect(lines.filter((said) => said.startsWith(line))).toHaveLength(1);
    expect(code).toBe(1);
  });
});

test("--format=json, and a secret in neither form", async () => {
  const { io, said } = worldOf({ WORKER_SECRET: secret });
  await doctor(
    ["--lightning", server.url, "--repo-dir", folder, "--no-journal", "--format=json"],
    io,
  );
  expect(JSON.parse(said.out)).toMatchObject({
    version: 1,
    checks: expect.arrayContaining([
      { name: "join", outcome: "good", says: "the queue can be joined" },
    ]),
  });
  expect(said.out).not.toContain(secret);
});
