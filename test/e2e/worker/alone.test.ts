import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { lightning, temporaryFolder, workerFor } from "./bundle.ts";

const worker = resolve(import.meta.dirname, "../../../packages/worker");

test("the bundle alone, in an empty folder and with no registry, runs a job that uses .then", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "bin"));
  cpSync(join(worker, "bin"), join(folder, "bin"), { recursive: true });
  cpSync(join(worker, "dist/bundle"), join(folder, "dist/bundle"), { recursive: true });
  const server = await lightning();
  const program = workerFor(server, [], { npm_config_registry: "http://127.0.0.1:9/" }, [
    join(folder, "bin/workloops-worker.mjs"),
  ]);
  await program.said(/joined the queue/);
  const [id = ""] = await server.runs(1, {
    body: "const fn = (f) => f;\nfn((state) => ({ data: { n: 1 } })).then((state) => ({ data: { n: state.data.n + 1 } }));",
  });
  expect(await server.ended(id)).toMatchObject({
    state: "success",
    final_state: { data: { n: 2 } },
  });
  program.signal("SIGTERM");
  expect(await program.ended).toBe(0);
});

test("Sentry, where it is asked for and installed beside the bundle, gets errors and what led to them", async () => {
  const folder = temporaryFolder();
  cpSync(join(worker, "bin"), join(folder, "bin"), { recursive: true });
  cpSync(join(worker, "dist/bundle"), join(folder, "dist/bundle"), { recursive: true });
  const sentry = join(folder, "node_modules/@sentry/node");
  mkdirSync(sentry, { recursive: true });
  writeFileSync(join(sentry, "package.json"), '{"type":"module","exports":"./index.js"}');
  // What the package is called with, one line each.
  writeFileSync(
    join(sentry, "index.js"),
    `import { appendFileSync } from "node:fs";
const say = (name) => (...args) => appendFileSync(process.env.HOME + "/sentry", JSON.stringify([name, ...args]) + "\\n");
export const init = say("init"), addBreadcrumb = say("crumb"), captureMessage = say("message"), close = async (ms) => say("close")(ms);`,
  );
  const server = await lightning();
  await fetch(`${server.httpUrl}/faults`, {
    method: "POST",
    body: JSON.stringify({ kind: "claim-bad-tokens", token: "foreign" }),
  });
  const program = workerFor(
    server,
    ["--mock", "--sentry-dsn", "https://key@sentry.example/1", "--sentry-env", "test"],
    { HOME: folder, WORKER_LIGHTNING_PUBLIC_KEY: server.publicKey },
    [join(folder, "bin/workloops-worker.mjs")],
  );
  const [run = ""] = await server.runs(1);
  await program.said(/token is refused/);
  // It ends by itself, so that what it was about to tell is told.
  program.signal("SIGTERM");
  await program.ended;
  const told = readFileSync(join(folder, "sentry"), "utf8");
  expect(told).toContain('["init",{"dsn":"https://key@sentry.example/1","environment":"test"');
  expect(told).toContain('"joined the queue of Lightning"');
  expect(told).toMatch(new RegExp(`"message","The run's token is refused.*"run":"${run}"`));
  expect(told).not.toContain("eyJ");
});
