// `npm run simulate`: lives through many seeded worlds on all cores and judges each after every
// step. Prints one table, and fails on a violation and on a zero: a row of the matrix that did
// not strike often enough, or too few runs that came to their end.
//   --seeds N     how many worlds (1,000)
//   --from N      the first seed (1)
//   --seed N      replays one world with a readable trace
import { fork } from "node:child_process";
import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { root } from "./setup.mjs";

const { values } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== "--"),
  options: {
    seeds: { type: "string", default: "1000" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    share: { type: "string" },
  },
});

const folder = join(root, "node_modules", ".cache", "workloops-simulate");
const bundle = join(folder, "simulator.mjs");

async function bundleSimulator() {
  mkdirSync(folder, { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: ["packages/simulator/src/index.ts"],
    outfile: bundle,
    bundle: true,
    format: "esm",
    platform: "node",
    conditions: ["workloops-source"],
    logLevel: "warning",
  });
}

async function replay(seed) {
  const { drawScenario, line, runWorld } = await import(bundle);
  const scenario = drawScenario(seed);
  console.log(JSON.stringify(scenario, null, 2));
  const { violation, steps, completed } = await runWorld(scenario, (atMs, fact) => {
    if (fact.type !== "observe") console.log(line(atMs, fact));
  });
  console.log(`${steps} steps, ${completed} runs ended by a worker`);
  if (violation === undefined) return console.log("every invariant held");
  console.log(`invariant ${violation.invariant} broken: ${violation.detail}`);
  process.exitCode = 1;
}

/** Lives through every n-th seed in a process of its own. */
function share(index, of, from, seeds) {
  return new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, ["--share", `${index}/${of}/${from}/${seeds}`]);
    child.once("message", resolve);
    child.once("exit", (code) => reject(new Error(`a share ended with ${code} and no tally`)));
  });
}

async function runShare(text) {
  const [index, of, from, seeds] = text.split("/").map(Number);
  const { runSeeds } = await import(bundle);
  const mine = Array.from({ length: seeds }, (_, n) => from + n).filter((n) => n % of === index);
  process.send(await runSeeds(mine), () => process.disconnect());
}

/** What CI holds the thousand worlds to; fewer worlds are held to their part. */
const PER_ROW = 1_000;
const COMPLETED = 50_000;

async function simulate(from, seeds) {
  const began = performance.now();
  const { emptyTally, matrix, mergeTally } = await import(bundle);
  const cores = Math.min(availableParallelism(), seeds);
  const tally = emptyTally();
  const shares = Array.from({ length: cores }, (_, n) => share(n, cores, from, seeds));
  for (const other of await Promise.all(shares)) mergeTally(tally, other);
  const seconds = (performance.now() - began) / 1000;
  const part = Math.min(1, seeds / 1_000);
  const zeros = [];
  for (const { row, fault, survives } of matrix) {
    const fired = tally.fired[row] ?? 0;
    if (fired < PER_ROW * part) zeros.push(`row ${row} struck ${fired} times`);
    console.log(`${String(row).padStart(2)}  ${String(fired).padStart(8)}  ${fault}: ${survives}`);
  }
  if (tally.completed < COMPLETED * part) zeros.push(`${tally.completed} runs completed`);
  const perSecond = Math.round(tally.steps / seconds);
  console.log(
    `\n${tally.worlds} worlds, ${tally.steps} steps in ${seconds.toFixed(1)} s (${perSecond} a second), ` +
      `${tally.completed} runs ended by a worker, ${tally.grantsLost} grants lost on the way`,
  );
  for (const { seed, invariant, detail } of tally.failed) {
    console.log(`FAILED seed ${seed}: invariant ${invariant}: ${detail}`);
  }
  for (const zero of zeros) console.log(`FAILED too little: ${zero}`);
  const failed = tally.failed.length + zeros.length;
  console.log(`${tally.worlds - tally.failed.length} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

if (values.share !== undefined) await runShare(values.share);
else {
  await bundleSimulator();
  if (values.seed !== undefined) await replay(Number(values.seed));
  else await simulate(Number(values.from), Number(values.seeds));
}
