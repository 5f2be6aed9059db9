import { chmodSync, chownSync, cpSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, inject, test } from "vitest";
import { start } from "../../scripts/program.mjs";
import { lightning, temporaryFolder } from "./worker/bundle.ts";

const nobody = 65_534;
const body = "export default [(state) => ({ ...state, ran: 1 })];";

/** The packed command where every user can read it, and a folder of that user's own. */
function placesFor(uid: number) {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  cpSync(dirname(dirname(inject("command"))), join(folder, "package"), { recursive: true });
  const home = join(folder, "home");
  mkdirSync(home);
  chownSync(home, uid, uid);
  return { command: join(folder, "package/bin/workloops.cjs"), home };
}

/** What a worker that runs as this user says until it has executed a run. */
async function saysAs(uid: number): Promise<string> {
  const { command, home } = placesFor(uid);
  const server = await lightning();
  const places = ["--repo-dir", join(home, "repo"), "--no-journal"];
  const args = [command, "worker", "--lightning", server.url, "--port", "0", ...places];
  const worker = start(process.execPath, args, {
    uid,
    env: { HOME: home, WORKER_SECRET: "a secret that is not base64 ✓" },
  });
  const [id = ""] = await server.runs(1, { body });
  expect(await server.ended(id)).toMatchObject({ reason: "success" });
  worker.signal("SIGKILL");
  await worker.ended;
  return worker.printed();
}

// To be another user takes root.
test.runIf(process.getuid?.() === 0)(
  "a worker without root executes runs, and says at its start what they can do to it",
  async () => {
    const warning =
      /Runs share the user of this process: a job that escapes its sandbox can signal/;
    expect(await saysAs(nobody)).toMatch(warning);
    expect(await saysAs(0)).not.toMatch(warning);
  },
);
