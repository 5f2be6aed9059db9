import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type LocalLightning, startLocalLightning } from "@workloops/local-lightning";
import { afterAll, afterEach, beforeAll, expect, inject, test } from "vitest";
import { endAll, type Program, start } from "../../../scripts/program.mjs";

const root = resolve(import.meta.dirname, "../../..");
const secret = "of this test alone";
const isRoot = process.getuid?.() === 0;
/** The user of the image. */
const user = 1000;

const folder = mkdtempSync(join(tmpdir(), "workloops-start-"));
const app = join(folder, "app");
/** Where any user may write, as in /tmp. */
const temporary = join(folder, "tmp");
let lightning: LocalLightning;

/** The folder /app as deploy/Dockerfile lays it out; `test/e2e/package/image.mjs` builds the image itself. */
beforeAll(async () => {
  chmodSync(folder, 0o755);
  mkdirSync(temporary);
  chmodSync(temporary, 0o777);
  cpSync(resolve(inject("command"), "../.."), app, { recursive: true });
  cpSync(join(root, "deploy/image/start.js"), join(app, "dist/start.js"));
  lightning = await startLocalLightning({ secret });
});
afterEach(endAll);
afterAll(async () => {
  await lightning.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A place for adaptors and journal that a worker of this test's user has filled. */
function place(name: string): { readonly adaptors: string; readonly state: string } {
  const made = { adaptors: join(folder, name, "adaptors"), state: join(folder, name, "state") };
  for (const path of Object.values(made)) mkdirSync(path, { recursive: true });
  writeFileSync(join(made.adaptors, "package.json"), '{ "name": "openfn-repo" }\n');
  return made;
}

/** `node ./dist/start.js …` with the environment of the image; `as` is how it is started. */
function image({ adaptors, state }: ReturnType<typeof place>, as: readonly string[]): Program {
  const [command = "node", ...before] = [...as, "node"];
  const flags = ["--lightning", lightning.url, "--port", "0", "--cgroups"];
  return start(command, [...before, "./dist/start.js", ...flags], {
    cwd: app,
    env: {
      WORKER_SECRET: secret,
      WORKER_COMPAT: "true",
      WORKER_REPO_DIR: adaptors,
      WORKER_STATE_DIR: state,
      TMPDIR: temporary,
      HOME: temporary,
    },
  });
}

async function runJob(): Promise<string> {
  const sent = await fetch(`${lightning.httpUrl}/runs?wait=30000`, {
    method: "POST",
    body: JSON.stringify({
      body: "const fn = (f) => f;\nfn((s) => ({ ...s, n: 1 })).then((s) => s);",
    }),
  });
  return ((await sent.json()) as { meta: { state: string } }).meta.state;
}

test("what OpenFn's image starts, starts here, with a flag of a later version", async () => {
  const worker = image(place("plain"), []);
  await worker.said(/joined the queue/);
  expect(worker.printed()).toContain("--cgroups: not needed here");
  expect(await runJob()).toBe("success");
  worker.signal("SIGTERM");
  expect(await worker.ended).toBe(0);
});

test.skipIf(!isRoot)("started as root, it hands its folders over and steps down", async () => {
  const given = place("given");
  const worker = image(given, []);
  await worker.said(/joined the queue/);
  expect(statSync(`/proc/${worker.pid}`).uid).toBe(user);
  for (const path of [given.adaptors, given.state, join(given.adaptors, "package.json")]) {
    expect(statSync(path).uid).toBe(user);
  }
  expect(await runJob()).toBe("success");
});

test.skipIf(!isRoot)(
  "started as its user on a volume of root, it works, and says what to do",
  async () => {
    const left = place("left");
    const worker = image(left, ["setpriv", `--reuid=${user}`, `--regid=${user}`, "--clear-groups"]);
    await worker.said(/joined the queue/);
    expect(worker.printed()).toMatch(
      /cannot be written by user 1000.*Start it once as root \(--user root\)/,
    );
    expect(await runJob()).toBe("success");
    expect(statSync(left.adaptors).uid).toBe(0);
  },
);
