import { snapshot } from "@workloops/worker/core";
import { afterEach, expect, test } from "vitest";
import { status } from "../../packages/cli/src/commands/status.ts";
import { type Ops, serveOps } from "../../packages/worker/src/ops/http.ts";
import { createMetrics } from "../../packages/worker/src/ops/metrics.ts";
import { ScriptedWorker } from "../worker/core/scripted-worker.ts";
import { worldOf } from "./worker-io.ts";

let ops: Ops | undefined;

afterEach(() => ops?.close());

async function serve(worker: ScriptedWorker): Promise<string> {
  const look = () => snapshot(worker.state, worker.now);
  ops = await serveOps({
    port: 0,
    host: "127.0.0.1",
    token: "hush",
    version: "1",
    snapshot: look,
    journalNotes: () => [],
    metrics: createMetrics([], "1", look),
    claimNow: () => {},
  });
  return `http://127.0.0.1:${ops.port}`;
}

function aWorker(): ScriptedWorker {
  const worker = new ScriptedWorker("fast_lane:1 manual>*:4").start().join();
  worker.grant("fast_lane", "run-1");
  worker.execute("run-1");
  worker.pass(2_500);
  return worker;
}

test("shows each lane, its runs, and why it does not claim", async () => {
  const url = await serve(aWorker());
  const { io, said } = worldOf({ WORKER_OPS_TOKEN: "hush" });
  expect(await status(["--url", url], io)).toBe(0);
  expect(said.out).toBe(`working, joined, 1 of 5 slots used

fast_lane (strict): 1 of 1 slots used
  last claim: granted with 1 runs, 2.5 s ago
  full: all 1 slots hold a run
  run run-1: running, 2.5 s

manual>* (preferring): 0 of 4 slots used
  last claim: none yet
  its claim is unanswered for 2 s
`);
});

test("--json gives what the worker answers", async () => {
  const url = await serve(aWorker());
  const { io, said } = worldOf();
  expect(await status(["--url", url, "--token", "hush", "--json"], io)).toBe(0);
  expect(JSON.parse(said.out)).toMatchObject({ joined: true, lanes: [{ chain: "fast_lane" }, {}] });
});

test("a wrong token, no worker and wrong arguments are told apart", async () => {
  const url = await serve(aWorker());
  const wrong = worldOf();
  expect(await status(["--url", url, "--token", "loud"], wrong.io)).toBe(1);
  expect(wrong.said.err).toBe(
    "workloops status: send the worker's WORKER_OPS_TOKEN as a bearer token\n",
  );
  await ops?.close();
  const away = worldOf();
  expect(await status(["--url", url], away.io)).toBe(1);
  expect(away.said.err).toBe(`workloops status: no worker answers at ${url}\n`);
  const odd = worldOf();
  expect(await status(["--uri", url], odd.io)).toBe(2);
  expect(odd.said.err).toContain("Unknown option '--uri'");
});
