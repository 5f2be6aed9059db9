// `npm run demo`: lint a compose file that is wrong, then run the mended line and one without
// lanes, each with a worker and a local Lightning of its own, on the same traffic side by side.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "./build.mjs";
import { board, heading, table } from "./demo/board.mjs";
import { answerLimitMs, away, play, summarize } from "./demo/traffic.mjs";
import { unpackCommand } from "./pack.mjs";
import { run, start } from "./program.mjs";
import { install, root } from "./setup.mjs";

const secret = "a secret for this demo alone";
const configurations = ["fast_lane:1 manual>*:4", "*:5"];
const folder = mkdtempSync(join(tmpdir(), "workloops-demo-"));

async function lint(command) {
  heading("1. The line, where it stands: workloops lint test/fixtures/demo/compose.yaml");
  const wrong = await run(process.execPath, [command, "lint", "test/fixtures/demo/compose.yaml"], {
    cwd: root,
  });
  console.log(wrong.printed.trimEnd());
  if (wrong.code !== 1) throw new Error(`lint ended with ${wrong.code}, not 1`);
}

async function stop({ signal, ended }) {
  signal("SIGTERM");
  // A worker that drains longer than this is stuck.
  const late = setTimeout(() => signal("SIGKILL"), 8_000);
  await ended;
  clearTimeout(late);
}

/** A Lightning and a worker with this configuration, until every run of the traffic has ended. */
async function load(command, configuration, index, show) {
  const cwd = join(folder, String(index));
  mkdirSync(cwd);
  const env = { WORKER_SECRET: secret, WORKER_WORKLOOPS: configuration };
  const lightning = start(process.execPath, [command, "dev", "--port", "0"], { env, cwd });
  const [, url] = await lightning.said(/^Local Lightning: (\S+)/);
  const where = ["--lightning", `${url.replace("http", "ws")}/worker`, "--port", "0"];
  const folders = ["--repo-dir", join(cwd, "adaptors"), "--state-dir", join(cwd, "state")];
  const worker = start(process.execPath, [command, "worker", ...where, ...folders], { env, cwd });
  try {
    await worker.said(/joined the queue/);
    return { configuration, queues: summarize(await play(url, show)) };
  } finally {
    await stop(worker);
    await stop(lightning);
  }
}

install();
await build();
const begun = Date.now();
try {
  const command = unpackCommand(join(folder, "command"));
  await lint(command);
  heading(
    `2. The same flood of slow runs, and 30 callers who wait; at ${away.atMs / 1000} s Lightning is away for ${away.ms / 1000} s`,
  );
  const shows = board(configurations);
  const results = await Promise.all(
    configurations.map((configuration, n) => load(command, configuration, n, shows[n])),
  );
  heading("What each queue waited");
  console.log(table(results, answerLimitMs));
  const [lanes, none] = results.map(({ queues }) => queues[0]);
  console.log(
    `\nWith a lane of their own, ${lanes.inTime} of ${lanes.runs} callers were answered in time; without, ${none.inTime} of ${none.runs}.`,
  );
  console.log(`The demo took ${((Date.now() - begun) / 1000).toFixed(0)} s.`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
