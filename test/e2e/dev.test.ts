import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, inject, test } from "vitest";
import { endAll, run, start } from "../../scripts/program.mjs";

const folder = mkdtempSync(join(tmpdir(), "workloops-dev-"));

afterEach(() => {
  endAll();
  rmSync(folder, { recursive: true, force: true });
});

/** What a person does who tries a job on this machine, with what `dev` prints and nothing else. */
test("the commands that dev prints start a worker and run a job", async () => {
  symlinkSync(inject("command"), join(folder, "workloops"));
  const PATH = `${folder}:${process.env["PATH"] ?? ""}`;
  const options = { cwd: folder, env: { PATH, HOME: folder } };
  const dev = start("workloops", ["dev", "--port", "0"], options);
  const [, worker = "", follow = ""] = await dev.said(
    /(WORKER_SECRET=\S+ workloops worker .*)\n[\s\S]*?(workloops run job\.js .*)\n/,
  );
  const working = start("sh", ["-c", `exec env ${worker} --port 0`], options);
  await working.said(/joined the queue/);
  writeFileSync(
    join(folder, "job.js"),
    "const fn = (f) => f;\nfn((state) => { console.log('hello from the job'); return { ...state, data: { answer: 42 } }; });\n",
  );
  const good = await run("sh", ["-c", follow], options);
  expect(good.printed).toContain("[JOB] hello from the job");
  expect(good.printed).toContain('"answer": 42');
  expect(good.code).toBe(0);
  writeFileSync(join(folder, "job.js"), "throw new Error('not today');\n");
  const bad = await run("sh", ["-c", follow], options);
  expect(bad.printed).toMatch(/^(failed|crashed) \(\w+: .*not today/m);
  expect(bad.code).toBe(1);
  working.signal("SIGTERM");
  dev.signal("SIGTERM");
  expect([await working.ended, await dev.ended]).toEqual([0, 0]);
});
