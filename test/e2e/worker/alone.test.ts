import { cpSync, mkdirSync } from "node:fs";
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
  const program = workerFor(
    server,
    [],
    { npm_config_registry: "http://127.0.0.1:9/" },
    join(folder, "bin/workloops-worker.mjs"),
  );
  await program.says(/joined the queue/);
  const [id = ""] = await server.runs(1, {
    body: "const fn = (f) => f;\nfn((state) => ({ data: { n: 1 } })).then((state) => ({ data: { n: state.data.n + 1 } }));",
  });
  expect(await server.ended(id)).toMatchObject({
    state: "success",
    final_state: { data: { n: 2 } },
  });
  program.process.kill("SIGTERM");
  expect(await program.exited).toBe(0);
});
