// `npm run demo`: lint a compose file that is wrong, then run the mended line: the packaged
// worker against a local Lightning, its general slots full, and what the fast lane waits.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "./build.mjs";
import { board, heading, table } from "./demo/board.mjs";
import { startWorker, workloops } from "./demo/programs.mjs";
import { answerLimitMs, play, summarize } from "./demo/traffic.mjs";
import { install } from "./setup.mjs";

const secret = "a secret for this demo alone";
const folder = mkdtempSync(join(tmpdir(), "workloops-demo-"));

async function lint() {
  heading("1. The line, where it stands: workloops lint test/fixtures/demo/compose.yaml");
  const wrong = await workloops(["lint", "test/fixtures/demo/compose.yaml"]);
  console.log(wrong.printed.trimEnd());
  if (wrong.code !== 1) throw new Error(`lint ended with ${wrong.code}, not 1`);
}

async function load(startLocalLightning, configuration) {
  const lightning = await startLocalLightning({ secret });
  const worker = startWorker(
    ["--lightning", lightning.url, "--port", "0", "--repo-dir", join(folder, "repo")],
    { WORKER_SECRET: secret, WORKER_WORKLOOPS: configuration },
    /join/i,
  );
  try {
    await worker.isReady;
    const runs = await play(lightning.httpUrl, board());
    return { configuration, queues: summarize(runs) };
  } finally {
    await worker.stop();
    await lightning.close();
  }
}

install();
await build();
const start = Date.now();
try {
  await lint();
  const { startLocalLightning } = await import("@workloops/local-lightning");
  const results = [];
  for (const [n, configuration] of ["fast_lane:1 manual>*:4", "*:5"].entries()) {
    heading(`${n + 2}. A flood of slow runs under ${configuration}`);
    results.push(await load(startLocalLightning, configuration));
  }
  heading("What each queue waited");
  console.log(table(results, answerLimitMs));
  const fast = results.map((r) => r.queues.find((q) => q.queue === "fast_lane"));
  console.log(
    `\nWith a lane of its own, ${fast[0].inTime} of ${fast[0].runs} fast-lane runs were answered in time; without, ${fast[1].inTime} of ${fast[1].runs}.`,
  );
  console.log(`The demo took ${((Date.now() - start) / 1000).toFixed(0)} s.`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
