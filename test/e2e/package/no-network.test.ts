import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, expect, test } from "vitest";
import { endAll, type Program, run, start } from "../../../scripts/program.mjs";
import { folder, install, packed } from "./packed.ts";

const site = join(folder, "site");
const command = join(site, "node_modules/.bin/workloops");
const secret = "of this test alone";

beforeAll(async () => {
  const { workloops = "" } = await packed();
  mkdirSync(site);
  await install(site, [workloops]);
});
afterEach(endAll);

/**
 * A network of its own with a loopback and nothing else. What is started with `inside` shares
 * it; where this process may not make one, the test fails.
 */
async function noNetwork(): Promise<(args: readonly string[]) => readonly string[]> {
  const up = "ip link set lo up && echo up && exec tail -f /dev/null";
  const holder = start("unshare", ["--net", "sh", "-c", up]);
  await holder.said(/up/);
  return (args) => ["--net", "--target", String(holder.pid), ...args];
}

/** An empty folder. */
function emptyFolder(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

test("from an empty folder, without a network, a job with .then runs to success", async () => {
  const inside = await noNetwork();
  const workloops = (args: readonly string[], cwd: string): Program =>
    start("nsenter", [...inside([command, ...args])], { cwd, env: { WORKER_SECRET: secret } });

  const outside = await run("nsenter", [
    ...inside([
      "node",
      "-e",
      'require("net").connect(53, "1.1.1.1").on("error", (e) => console.log(e.code))',
    ]),
  ]);
  expect(outside.printed).toBe("ENETUNREACH\n");

  const dev = workloops(["dev", "--port", "0"], emptyFolder("dev"));
  const [, httpUrl = ""] = await dev.said(/^Local Lightning: (\S+)/);
  const lightning = `${httpUrl.replace("http", "ws")}/worker`;
  const cwd = emptyFolder("worker");
  const repo = ["--repo-dir", join(cwd, "repo"), "--state-dir", join(cwd, "state")];
  const worker = workloops(["worker", "--lightning", lightning, "--port", "0", ...repo], cwd);
  await worker.said(/joined the queue/);

  const jobs = emptyFolder("jobs");
  writeFileSync(
    join(jobs, "job.js"),
    `const add = (n) => (state) => ({ ...state, sum: (state.sum ?? 0) + n });
add(1).then((state) => ({ ...state, chained: true })).then((state) => ({ ...state, sum: state.sum + 1 }));
add(40);
`,
  );
  const sent = workloops(["run", "job.js", "--url", httpUrl, "--timeout", "60"], jobs);
  expect({ code: await sent.ended, printed: sent.printed() }).toEqual({
    code: 0,
    printed: expect.stringContaining('"sum": 42'),
  });
  expect(sent.printed()).toContain('"chained": true');

  worker.signal("SIGTERM");
  expect({ code: await worker.ended, printed: worker.printed() }).toEqual({
    code: 0,
    printed: expect.stringContaining("draining"),
  });
  dev.signal("SIGTERM");
  expect(await dev.ended).toBe(0);
});
