// `npm run mutants`: turns each condition of the worker's core and driver over and drops each
// effect, one at a time, plants the faults of scripts/simulator/planted.mjs, and has the seeded
// worlds find every one. A mutant that lives, and is not written down as equivalent with a
// reason in scripts/simulator/equivalent.mjs, fails.
//   --verbose     says how each mutant was found
import { availableParallelism } from "node:os";
import { bundleSimulator } from "./simulator/bundle.mjs";
import { equivalent } from "./simulator/equivalent.mjs";
import { planted } from "./simulator/planted.mjs";
import { openBench } from "./simulator/try-mutant.mjs";

const verbose = process.argv.includes("--verbose");
/** The worlds in which mutants are looked for, and how many of them one mutant is given. */
const SEEDS = 240;
const WORLDS_EACH = 60;
const PLANTED_WORLDS = 120;

const began = performance.now();
const { outfile, sites } = await bundleSimulator({ name: "probed", probed: true });

/** Which sites each world takes, and how long it is: short worlds are tried first. */
async function takenBy(bundle) {
  const { drawScenario, runWorld } = await import(bundle);
  const { yes, no } = globalThis.__probes;
  const worlds = [];
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    yes.fill(0);
    no.fill(0);
    const { violation, steps } = await runWorld(drawScenario(seed));
    if (violation !== undefined) throw new Error(`seed ${seed} fails without a mutant`);
    worlds.push({
      seed,
      steps,
      taken: new Set(sites.filter(({ id }) => yes[id] + no[id] > 0).map((s) => s.id)),
    });
  }
  return worlds.sort((a, b) => a.steps - b.steps);
}

const worlds = await takenBy(outfile);

/** Some short worlds first, then some from all of them. */
function seedsFor(id) {
  const fit = worlds.filter(({ taken }) => taken.has(id)).map(({ seed }) => seed);
  const stride = Math.max(1, Math.floor(fit.length / WORLDS_EACH));
  return [...new Set([...fit.slice(0, 4), ...fit.filter((_, n) => n % stride === 0)])].slice(
    0,
    WORLDS_EACH,
  );
}

const reasons = new Map([
  ...equivalent.flatMap(({ reason, sites: keys }) => keys.map((key) => [key, reason])),
  ...planted.flatMap(({ name, equivalent: reason }) =>
    reason ? [[`planted: ${name}`, reason]] : [],
  ),
]);
const results = [];
// What is written down is tried as well: a mutant that some world finds is no equivalent one.
const queue = sites.map((site) => ({
  name: site.key,
  id: site.id,
  seeds: seedsFor(site.id, reasons.has(site.key) ? 8 : WORLDS_EACH),
}));

async function work(bench) {
  for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
    const found =
      mutant.seeds.length === 0 ? undefined : await bench.attempt(mutant.id, mutant.seeds);
    results.push({ name: mutant.name, found, worlds: mutant.seeds.length });
    if (verbose && found)
      console.log(`found  ${mutant.name}\n       by seed ${found.seed}: ${found.how}`);
  }
  await bench.close();
}
await Promise.all(Array.from({ length: availableParallelism() }, () => work(openBench(outfile))));

const everySeed = worlds.map(({ seed }) => seed).slice(0, PLANTED_WORLDS);
async function plantAll() {
  const left = [...planted.entries()];
  const one = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [index, plant] = next;
      const bundle = await bundleSimulator({ name: `planted-${index}`, probed: false, plant });
      const bench = openBench(bundle.outfile);
      const found = await bench.attempt(-1, everySeed);
      await bench.close();
      results.push({ name: `planted: ${plant.name}`, found, worlds: everySeed.length });
      if (verbose)
        console.log(
          `${found ? "found" : "LIVES"}  planted: ${plant.name}\n       ${found ? `by seed ${found.seed}: ${found.how}` : ""}`,
        );
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, one));
}
await plantAll();

const lives = results.filter(({ found }) => found === undefined);
const unexplained = lives.filter(({ name }) => !reasons.has(name));
const names = new Set(results.map(({ name }) => name));
const stale = [...reasons.keys()].filter((key) => !names.has(key));
const foundAfterAll = results.filter(({ name, found }) => found !== undefined && reasons.has(name));
for (const { name, found } of foundAfterAll) {
  console.log(
    `FOUND although it is written down as equivalent: ${name}\n    by seed ${found.seed}: ${found.how.slice(0, 200)}`,
  );
}
for (const { name, worlds: tried } of unexplained) console.log(`LIVES (${tried} worlds): ${name}`);
for (const key of stale) console.log(`NO LONGER THERE: ${key}`);
const count = results.length;
const failed = unexplained.length + stale.length + foundAfterAll.length;
const seconds = ((performance.now() - began) / 1000).toFixed(0);
console.log(
  `\n${count} mutants, ${planted.length} of them planted by hand: ${count - lives.length} found, ` +
    `${lives.length - unexplained.length} written down as equivalent, ${unexplained.length} live (${seconds} s)`,
);
console.log(`${count - unexplained.length} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
