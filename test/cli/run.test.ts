import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { run } from "../../packages/cli/src/commands/run.ts";
import type { Io } from "../../packages/cli/src/io.ts";
import { startDesk } from "../local-lightning/desk.ts";
import { type Telling, takeRun, tellRun } from "../local-lightning/work.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

async function runFile(name: string, text: string, args: string[], telling: Telling = {}) {
  const folder = mkdtempSync(join(tmpdir(), "workloops-run-"));
  folders.push(folder);
  writeFileSync(join(folder, name), text);
  const desk = await startDesk();
  const worker = await desk.worker();
  await worker.join("worker:queue");
  const said = { out: "", err: "" };
  const io: Io = {
    out: (line) => {
      said.out += line;
    },
    err: (line) => {
      said.err += line;
    },
    readStdin: async () => "",
    ...{ cwd: folder, env: {}, columns: undefined, color: false },
  };
  const ended = run([name, "--url", desk.httpUrl, ...args], io);
  const work = async () => {
    await worker.frame(({ event }) => event === "work-available");
    await tellRun(worker, await takeRun(worker), telling);
  };
  const code = await Promise.race([ended, work().then(() => ended)]);
  return { code, said, runs: [...desk.ledger.runs.values()] };
}

test("run sends a job's source to a queue and follows it", async () => {
  const { code, said, runs } = await runFile(
    "job.js",
    "fn((s) => s)",
    ["--queue", "fast_lane", "--input", '{"a":1}', "--adaptor", "@openfn/language-common@3.2.3"],
    { logs: ["one", "two \u001b[31mred"], output: { b: 2 } },
  );
  expect(code).toBe(0);
  expect(said.err).toBe("");
  expect(said.out).toMatch(/^[0-9a-f-]{36} is in fast_lane\n/);
  const lines = ["claimed by desk", "[JOB] one", "[JOB] two \ufffd[31mred", "success", '"b": 2'];
  for (const line of lines) expect(said.out).toContain(line);
  expect(runs.map(({ plan }) => plan.jobs)).toMatchObject([
    [{ body: "fn((s) => s)", adaptor: "@openfn/language-common@3.2.3" }],
  ]);
});

test("run takes a plan, and its exit code tells of a failure", async () => {
  const plan = JSON.stringify({ jobs: [{ id: "a", body: "x" }] });
  const { code, said, runs } = await runFile("plan.json", plan, [], { reason: "fail" });
  expect(code).toBe(1);
  expect(said.out).toContain("failed");
  expect(runs[0]?.plan.jobs).toEqual([{ id: "a", body: "x" }]);
});

test.each([
  ["plan.json", "[1]", [], "plan.json: not an object"],
  ["plan.json", "{", [], "plan.json: "],
  ["job.js", "x", ["--queue", "slow"], 'queue: "slow", not one of default, fast_lane, manual'],
  ["job.js", "x", ["--input", "{"], "--input: "],
  ["job.js", "x", ["--timeout", "no"], "--timeout: not seconds"],
  ["job.js", "x", ["--url", "http://127.0.0.1:1"], "nobody answers at http://127.0.0.1:1"],
  ["job.js", "x", ["other.js"], "give one FILE.js or FILE.json"],
])("run refuses %s with %j %j", async (name, text, args, problem) => {
  const { code, said } = await runFile(name, text, args);
  expect(code).toBe(2);
  expect(said.err).toContain(problem);
});
