import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, inject } from "vitest";
import { endAll, type Program, start } from "../../../scripts/program.mjs";
import { type BareLightning, bareLightning, type Reply, type Sent } from "./bare-lightning.ts";

const secret = "a sécret, not base64";
const folder = mkdtempSync(join(tmpdir(), "workloops-drop-in-"));
let server: BareLightning | undefined;

afterEach(async () => {
  endAll();
  await server?.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

export async function bare(answer?: (frame: Sent) => Reply | undefined): Promise<BareLightning> {
  server = await bareLightning(secret, answer);
  return server;
}

/** Each worker has a home of its own: what it has written down is not the next one's. */
let workers = 0;

/** Started with the flags and variables that a deployment of OpenFn's worker has, and no others. */
export function worker(
  url: string,
  flags: readonly string[] = [],
  env: Record<string, string> = {},
): Program {
  workers += 1;
  const args = [inject("command"), "worker", "-l", url, "-p", "0", "-d", join(folder, "repo")];
  return start(process.execPath, [...args, ...flags], {
    env: { WORKER_SECRET: secret, HOME: join(folder, String(workers)), ...env },
  });
}

export const job = (id: string, body: string, more: object = {}) => ({
  id,
  name: `the job ${id}`,
  body,
  adaptor: "",
  credential_id: null,
  ...more,
});

export const fn = "const fn = (f) => f;\n";

/** One job, or more that come one after the other, with what the plan says besides. */
export function chain(id: string, bodies: readonly string[], more: object = {}) {
  const jobs = bodies.map((body, n) => job(`${id}-${n}`, body));
  const edges = jobs.slice(1).map((one, n) => ({
    id: `e${n}`,
    source_trigger_id: null,
    source_job_id: jobs[n]?.id,
    target_job_id: one.id,
    enabled: true,
    condition: "on_job_success",
  }));
  const plan = {
    id,
    starting_node_id: jobs[0]?.id,
    triggers: [],
    jobs,
    edges,
    options: {},
    ...more,
  };
  return { id, plan };
}

export const ofRun = (frames: readonly Sent[], id = "run-1") =>
  frames.filter(({ topic }) => topic === `run:${id}`);

export const isEnd = (id: string) => (frame: Sent) =>
  frame.topic === `run:${id}` && frame.event === "run:complete";
