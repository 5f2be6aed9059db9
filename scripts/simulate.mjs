// `npm run simulate`: lives through many seeded worlds on all cores and judges each after every
// step, then fails each operation of one world in turn. Prints one table, and fails on a violation
// and on a zero: a row of the matrix that did not strike often enough, too few runs that came to
// their end, or a branch or an effect of the core that none of the thousand worlds took.
//   --seeds N     how many worlds (1,000)
//   --from N      the first seed (1)
//   --seed N      replays one world with a readable trace
//   --shrink N    makes the world of a failing seed as small as it can, for test/seeds
import { parseArgs } from "node:util";
import { liveOnAllCores } from "./simulator/all-cores.mjs";
import { addTaken, judgeBranches, noneTaken } from "./simulator/branches.mjs";
import { bundleSimulator } from "./simulator/bundle.mjs";

const { values } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== "--"),
  options: {
    seeds: { type: "string", default: "1000" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    shrink: { type: "string" },
  },
});

async function replay(seed) {
  const { outfile } = await bundleSimulator({ name: "simulator" });
  const { drawScenario, line, runWorld } = await import(outfile);
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

async function shrinkSeed(seed) {
  const { outfile } = await bundleSimulator({ name: "simulator" });
  const { drawScenario, shrink } = await import(outfile);
  const small = await shrink(drawScenario(seed));
  console.log(small === undefined ? "every invariant held" : JSON.stringify(small, null, 2));
}

/** Lives through all worlds, and fails each operation of one. */
async function liveThrough(from, seeds) {
  const taken = noneTaken();
  const bundle = await bundleSimulator({ name: "simulator-probed", probed: "seen" });
  const began = performance.now();
  const { tallies, failures, taken: all } = await liveOnAllCores({ bundle, from, seeds });
  for (const each of all) addTaken(taken, each);
  return { seconds: (performance.now() - began) / 1000, bundle, tallies, taken, failures };
}

/** What CI holds the thousand worlds to; fewer worlds are held to their part. */
const PER_ROW = 1_000;
const COMPLETED = 50_000;
const RECONNECT_MS = 2_000;

async function simulate(from, seeds) {
  const { bundle, seconds, tallies, taken, failures } = await liveThrough(from, seeds);
  const { emptyTally, matrix, mergeTally } = await import(bundle.outfile);
  const tally = emptyTally();
  for (const each of tallies) mergeTally(tally, each);
  const part = Math.min(1, seeds / 1_000);
  const bySeed = tally.failed.toSorted((a, b) => a.seed - b.seed);
  const problems = bySeed.map(
    ({ seed, invariant, detail }) => `seed ${seed}: invariant ${invariant}: ${detail}`,
  );
  for (const { row, fault, survives } of matrix) {
    const fired = tally.fired[row] ?? 0;
    if (fired < PER_ROW * part) problems.push(`row ${row} struck only ${fired} times`);
    console.log(`${String(row).padStart(2)}  ${String(fired).padStart(8)}  ${fault}: ${survives}`);
  }
  if (tally.completed < COMPLETED * part) problems.push(`only ${tally.completed} runs completed`);
  const { branches, untaken } = judgeBranches(bundle.sites, taken);
  // Fewer worlds cannot take every one.
  if (part === 1) problems.push(...untaken.map((site) => `no world takes ${site}`));
  else for (const site of untaken) console.log(`not taken: ${site}`);
  console.log(
    `\n${branches - untaken.length} of ${branches} branches and effects of the core taken`,
  );
  problems.push(...sayFailures(failures));
  const { claimedAgain } = tally;
  console.log(
    `a lane with room claims at most ${Math.round(claimedAgain.maxMs)} ms after a reconnect`,
  );
  console.log(`(${claimedAgain.count} times; the connection itself is tried again with jitter)`);
  if (claimedAgain.maxMs > RECONNECT_MS) problems.push("a lane claims too late after a reconnect");
  const steps = failures.flat().reduce((sum, each) => sum + each.steps, tally.steps);
  const perSecond = Math.round(steps / seconds);
  console.log(
    `${tally.worlds} worlds of seeds, ${steps} steps with those of failures in ${seconds.toFixed(1)} s (${perSecond} a second), ` +
      `${tally.completed} runs ended by a worker, ${tally.grantsLost} grants lost on the way`,
  );
  for (const problem of problems) console.log(`FAILED ${problem}`);
  console.log(`${tally.worlds - tally.failed.length} passed, ${problems.length} failed`);
  if (problems.length > 0) process.exitCode = 1;
}

/** Every part has failed its share of the operations of each port. */
function sayFailures(shares) {
  return (shares[0] ?? []).flatMap(({ port, operations }, place) => {
    const violations = shares.flatMap((failures) => failures[place].violations);
    console.log(
      `${port}: operation n failed, for every n up to ${operations}: ${violations.length} violations`,
    );
    if (operations === 0) return [`nothing was asked of the ${port}`];
    return violations.map(
      ({ n, invariant, detail }) => `${port} at ${n}: invariant ${invariant}: ${detail}`,
    );
  });
}

if (values.seed !== undefined) await replay(Number(values.seed));
else if (values.shrink !== undefined) await shrinkSeed(Number(values.shrink));
else await simulate(Number(values.from), Number(values.seeds));
