// Builds the image of deploy/Dockerfile with buildah on a base made here, and runs it against a
// local Lightning: as itself, with a volume of root, and started as root. Needs root and apt.
// Writes reports/image.xml.
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startLocalLightning } from "@workloops/local-lightning";
import { installTools, makeBase, must, store } from "./image/buildah.mjs";
import { startContainer, userOf } from "./image/container.mjs";

const root = resolve(import.meta.dirname, "../../..");
const folder = mkdtempSync(join(tmpdir(), "workloops-image-"));
const base = "localhost/base:1";
const image = "localhost/workloops:1";
const secret = "of this image alone";
const adaptor = "@openfn/language-common@3.2.3";
const cases = [];

async function prove(name, act) {
  const start = Date.now();
  let problem = "";
  try {
    await act();
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
  const seconds = (Date.now() - start) / 1000;
  cases.push({ name, seconds, problem });
  console.log(`${problem === "" ? "✓" : "✗"} ${name} (${seconds.toFixed(0)} s) ${problem}`);
}

const xml = (text) => text.replace(/[^\n\x20-\x7e]|[&<>"]/gu, (c) => `&#${c.codePointAt(0)};`);
function report() {
  const rows = cases.map(({ name, seconds, problem }) => {
    const open = `<testcase classname="image" name="${xml(name)}" time="${seconds.toFixed(1)}"`;
    return problem ? `${open}><failure message="${xml(problem)}"/></testcase>` : `${open}/>`;
  });
  const reports = process.env.WORKLOOPS_REPORTS ?? join(root, "reports");
  mkdirSync(reports, { recursive: true });
  const all = `<testsuite name="image" tests="${cases.length}">\n${rows.join("\n")}\n</testsuite>\n`;
  writeFileSync(join(reports, "image.xml"), all);
}

/** A folder that a worker of root has filled. */
function volumeOfRoot(name) {
  const volume = join(folder, name);
  mkdirSync(join(volume, "node_modules", "@openfn"), { recursive: true });
  writeFileSync(join(volume, "package.json"), '{ "name": "openfn-repo", "dependencies": {} }\n');
  for (const path of [volume, join(volume, "package.json")]) chmodSync(path, 0o755);
  return volume;
}

/** Sends a run that needs an adaptor, and says how it ended. */
async function runJob(lightning) {
  const body = "fn((state) => ({ ...state, one: 1 })).then((state) => ({ ...state, two: 2 }));";
  const sent = await fetch(`${lightning.httpUrl}/runs`, {
    method: "POST",
    body: JSON.stringify({ body, adaptor, queue: "fast_lane" }),
  });
  const { id } = await sent.json();
  const wait = `wait=90000&since=${Number.MAX_SAFE_INTEGER}`;
  return (await fetch(`${lightning.httpUrl}/runs/${id}?${wait}`)).json();
}

/** A worker in a container, as `command:` of a compose file written for OpenFn's image starts it. */
async function withWorker(args, act) {
  const lightning = await startLocalLightning({ secret });
  const command = ["node", "./dist/start.js", "--lightning", lightning.url];
  const env = ["--env", `WORKER_SECRET=${secret}`, "--env", "WORKER_WORKLOOPS=fast_lane:1 *:1"];
  const container = startContainer(folder, image, [...env, ...args], [...command, "--cgroups"]);
  try {
    await container.said(/joined the queue/);
    await act({ container, lightning, user: userOf(container.worker()) });
    process.kill(container.worker(), "SIGTERM");
    assert.equal(await container.ended, 0, container.printed());
  } finally {
    await container.remove();
    await lightning.close();
  }
}

async function proveImage() {
  await prove("it builds in stages on a bare base with Node", () => {
    makeBase(folder, base);
    const file = ["-f", join(root, "deploy/Dockerfile"), "--build-arg", `BASE=${base}`];
    const build = [
      "bud",
      "--quiet",
      "--pull-never",
      "--isolation",
      "chroot",
      ...file,
      "-t",
      image,
      root,
    ];
    must("buildah", [...store(folder), ...build]);
  });
  if (cases.some(({ problem }) => problem)) return;
  await prove("it runs as a user other than root, and starts what OpenFn's image starts", () => {
    const { OCIv1 } = JSON.parse(
      must("buildah", [...store(folder), "inspect", "--type", "image", image]),
    );
    assert.equal(OCIv1.config.User, "1000:1000");
    assert.deepEqual(OCIv1.config.Cmd, ["node", "./dist/start.js"]);
    assert.deepEqual(Object.keys(OCIv1.config.ExposedPorts), ["2222/tcp"]);
    assert.ok(OCIv1.config.Env.includes("WORKER_COMPAT=true"));
  });
  await prove("the command workloops is inside, and nothing of the build", async () => {
    const lint =
      "printf 'WORKER_WORKLOOPS=a:1 *>b:1' > /tmp/a.env; workloops lint /tmp/a.env; ls /app";
    const container = startContainer(folder, image, [], ["sh", "-c", lint]);
    try {
      await container.ended;
      assert.match(container.printed(), /error\[wildcard-not-last\]/);
      assert.match(container.printed(), /\nLICENSE\nREADME.md\nbin\ndist\npackage.json\n/);
    } finally {
      await container.remove();
    }
  });
  await prove("adaptors can be installed into an image that is made from it", async () => {
    const installing = `workloops adaptors install ${adaptor} && ls $WORKER_REPO_DIR/node_modules/@openfn`;
    const container = startContainer(folder, image, [], ["sh", "-c", installing]);
    try {
      assert.equal(await container.ended, 0, container.printed());
      assert.match(container.printed(), /^language-common_3\.2\.3$/m);
    } finally {
      await container.remove();
    }
  });
  await prove("it joins, listens on 2222, installs an adaptor and runs a job with .then", () =>
    withWorker([], async ({ container, lightning, user }) => {
      assert.equal(user, 1000);
      assert.match(container.printed(), /--cgroups: not needed here/);
      assert.equal((await fetch("http://127.0.0.1:2222/readyz")).status, 200);
      const { state, final_state, error_message } = await runJob(lightning);
      assert.deepEqual({ state, error_message }, { state: "success", error_message: null });
      assert.equal(final_state.two, 2);
    }),
  );
  await prove("it works with a volume that root has written, and says what to do about it", () => {
    const volume = volumeOfRoot("volume-left");
    return withWorker(
      ["-v", `${volume}:/var/lib/workloops/adaptors`],
      async ({ container, lightning, user }) => {
        assert.equal(user, 1000);
        assert.match(container.printed(), /cannot be written by user 1000.*--user root/);
        assert.equal((await runJob(lightning)).state, "success");
        assert.equal(statSync(volume).uid, 0);
      },
    );
  });
  await prove("started as root, it hands the volume over and steps down", () => {
    const volume = volumeOfRoot("volume-given");
    return withWorker(
      ["--user", "0", "-v", `${volume}:/var/lib/workloops/adaptors`],
      async ({ container, lightning, user }) => {
        assert.equal(user, 1000);
        assert.doesNotMatch(container.printed(), /cannot be written/);
        assert.equal((await runJob(lightning)).state, "success");
        const installed = join(volume, "node_modules/@openfn/language-common_3.2.3");
        assert.equal(statSync(volume).uid, 1000);
        assert.equal(statSync(installed).uid, 1000);
      },
    );
  });
}

try {
  installTools();
  await proveImage();
} finally {
  report();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(cases.some(({ problem }) => problem) ? 1 : 0);
