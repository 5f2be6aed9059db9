import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalLightning, startLocalLightning } from "@workloops/local-lightning";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
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

test("more memory than there is, is a warning with the numbers", async () => {
  const { code, lines } = await examine(["--capacity", "10000", "--run-memory", "100000"]);
  expect(lines.join("\n")).toMatch(
    /^warning memory: warning\[memory-ceiling\]: .*1,000,000,300 MiB/m,
  );
  expect(code).toBe(0);
});

test("no adaptor yet is a warning, and more than ten are counted", async () => {
  const { lines } = await examine(["--repo-dir", join(folder, "empty")]);
  expect(lines).toContain(
    "warning adaptors: none is installed yet: the first run of each waits for npm",
  );
  for (let n = 10; n < 22; n += 1) {
    mkdirSync(join(folder, `full/node_modules/@openfn/language-a_${n}`), { recursive: true });
  }
  const full = await examine(["--repo-dir", join(folder, "full")]);
  expect(full.lines.find((line) => line.includes("adaptors"))).toMatch(
    /^ok {6}adaptors: (language-a_\d\d, ){9}language-a_19 and 2 more$/,
  );
});

test("the state dir is looked at where there is a journal", async () => {
  const state = join(import.meta.filename, "state");
  const { lines, code } = await examine(["--journal", "--state-dir", state]);
  expect(lines).toContain(`BAD     state dir: ${state}: ${import.meta.filename} is no folder`);
  expect(code).toBe(1);
});

test("a token in clear text between hosts is a warning", async () => {
  const { lines } = await examine(["--lightning", "ws://lightning.invalid/worker"]);
  expect(lines).toContain(
    "warning address: ws:// sends the worker's token in clear text: use wss:// between hosts",
  );
});

test("a join that Lightning refuses is told with its reason", async () => {
  await fetch(`${server.httpUrl}/faults`, {
    method: "POST",
    body: JSON.stringify({ kind: "queue-join-refused" }),
  });
  const { lines, code } = await examine([]);
  expect(lines).toContain("ok      socket: open, and the token is taken");
  expect(lines).toContain("BAD     join: unauthorized");
  expect(code).toBe(1);
});

describe("a clock", () => {
  let far: Server | undefined;
  afterEach(() => far?.close());

  /** Something that answers HTTP with this date, and opens no sockets. */
  async function answering(date: string | undefined): Promise<string> {
    far = createServer((_, response) => {
      response.sendDate = false;
      if (date !== undefined) response.setHeader("date", date);
      response.end();
    });
    await new Promise<void>((done) => far?.listen(0, "127.0.0.1", done));
    return `ws://127.0.0.1:${(far.address() as AddressInfo).port}/worker`;
  }

  test.each([
    [
      -3_600,
      /^BAD {5}clock: (3599|3600|3601) s away from Lightning's: tokens are refused beyond 5 s$/,
    ],
    [3_600, /^BAD {5}clock: -(3599|3600|3601) s away from Lightning's/],
    [-2, /^ok {6}clock: within 5 s of Lightning's$/],
  ])("that is %i s off", async (seconds, said) => {
    const url = await answering(new Date(Date.now() + seconds * 1_000).toUTCString());
    const { lines } = await examine(["--lightning", url]);
    expect(lines.find((line) => line.includes("clock"))).toMatch(said);
  });

  test("that Lightning does not show cannot be compared", async () => {
    const { lines } = await examine(["--lightning", await answering(undefined)]);
    expect(lines).toContain("warning clock: Lightning does not say what time it is");
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
