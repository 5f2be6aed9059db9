// `npm run mutants`: turns each condition of the worker's core and driver over and drops each
// effect, one at a time, plants the faults of scripts/simulator/planted.mjs, and has the seeded
// worlds find every one. A mutant that lives, and is not written down as equivalent with a
// reason in scripts/simulator/equivalent.mjs, fails.
//   --verbose       says how each mutant was found
//   --record        writes which seed found each, so that it is tried first from then on
//   --unfound       only mutants that no world is known to find
//   --only TEXT     only mutants whose name has this text
//   --worlds N      how many worlds each mutant is given
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { bundleSimulator } from "./simulator/bundle.mjs";
import { equivalent } from "./simulator/equivalent.mjs";
import { planted } from "./simulator/planted.mjs";
import { openBench } from "./simulator/try-mutant.mjs";

const { values } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== "--"),
  options: {
    verbose: { type: "boolean", default: false },
    record: { type: "boolean", default: false },
    unfound: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    worlds: { type: "string", default: "40" },
  },
});
const worldsEach = Number(values.worlds);
/** What is written down as equivalent is tried in some worlds as well. */
const WORLDS_OF_EQUIVALENT = 8;

const began = performance.now();
const findersFile = new URL("./simulator/finders.json", import.meta.url);
/** The seed that found a mutant before, by its name: only where it does not any more are others tried. */
const finders = existsSync(findersFile) ? JSON.parse(readFileSync(findersFile, "utf8")) : {};
const reasons = new Map([
  ...equivalent.flatMap(({ reason, sites }) => sites.map((site) => [site, reason])),
  ...planted.flatMap(({ name, equivalent: reason }) =>
    reason ? [[`planted: ${name}`, reason]] : [],
  ),
]);

/** Worlds that found a fault in earnest, by the planted fault that does the same harm again. */
const seedsFolder = new URL("../test/seeds/", import.meta.url);
const kept = new Map(
  readdirSync(seedsFolder).map((file) => {
    const { finds, scenario } = JSON.parse(readFileSync(new URL(file, seedsFolder), "utf8"));
    return [`planted: ${finds}`, scenario];
  }),
);

const { outfile, sites } = await bundleSimulator({ name: "probed", probed: "mutable" });
let lived;

/** Which sites each world takes, without a mutant. Short worlds come first. */
function worldsWithout() {
  lived ??= liveWithout();
  return lived;
}

async function liveWithout() {
  const { drawScenario, runWorld } = await import(outfile);
  const { yes, no } = globalThis.__probes;
  const lived = [];
  for (let seed = 1; seed <= Math.max(200, worldsEach); seed += 1) {
    yes.fill(0);
    no.fill(0);
    const { violation, steps } = await runWorld(drawScenario(seed));
    if (violation !== undefined) throw new Error(`seed ${seed} fails without a mutant`);
    const taken = sites.filter(({ id }) => yes[id] + no[id] > 0).map(({ id }) => id);
    lived.push({ seed, steps, taken: new Set(taken) });
  }
  return lived.sort((a, b) => a.steps - b.steps);
}

/** The worlds that found it before. */
function firstSeeds(name) {
  return [kept.get(name), finders[name]].filter((seed) => seed !== undefined);
}

/** Some short ones, then some from all that take the site. */
async function moreSeeds({ name, plant, active }) {
  const worlds = await worldsWithout();
  const count = reasons.has(name) ? WORLDS_OF_EQUIVALENT : worldsEach;
  const fit = worlds
    .filter(({ taken }) => plant !== undefined || taken.has(active))
    .map(({ seed }) => seed);
  const stride = Math.max(1, Math.floor(fit.length / count));
  const some = [...fit.slice(0, 4), ...fit.filter((_, n) => n % stride === 0)].slice(0, count);
  return [...new Set([...some, ...kept.values()])].filter(
    (seed) => !firstSeeds(name).includes(seed),
  );
}

const mutants = [
  ...sites.map(({ key, id }) => ({ name: key, active: id })),
  ...planted.map((plant, index) => ({
    name: `planted: ${plant.name}`,
    plant,
    index,
    active: -1,
  })),
].filter(
  ({ name }) => name.includes(values.only) && !(values.unfound && finders[name] !== undefined),
);

const results = [];

async function attempt(bench, mutant) {
  const { plant, index } = mutant;
  if (plant === undefined) return await attemptOn(bench, mutant);
  const bundle = await bundleSimulator({ name: `planted-${index}`, probed: "mutable", plant });
  const own = openBench(bundle.outfile);
  try {
    return await attemptOn(own, mutant);
  } finally {
    await own.close();
  }
}

/** All others are lived through, and tried, only where no world is known to find it. */
async function attemptOn(bench, mutant) {
  const first = firstSeeds(mutant.name);
  const found = first.length > 0 ? await bench.attempt(mutant.active, first) : undefined;
  if (found !== undefined) return { found, tried: first.length };
  const more = await moreSeeds(mutant);
  return {
    found: more.length > 0 ? await bench.attempt(mutant.active, more) : undefined,
    tried: first.length + more.length,
  };
}

const queue = [...mutants];
async function work() {
  const bench = openBench(outfile);
  for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
    const { name } = mutant;
    const { found, tried } = await attempt(bench, mutant);
    results.push({ name, found, tried });
    if (!values.verbose) continue;
    const how =
      found &&
      `${typeof found.seed === "object" ? "the world kept for it" : `seed ${found.seed}`}: ${found.how.split("\n")[0]}`;
    console.log(found ? `found  ${name}\n       ${how}` : `lives  ${name}`);
  }
  await bench.close();
}
await Promise.all(Array.from({ length: availableParallelism() }, work));

const names = new Set([
  ...sites.map(({ key }) => key),
  ...planted.map(({ name }) => `planted: ${name}`),
]);
const lives = results.filter(({ found }) => found === undefined);
const problems = [
  ...lives
    .filter(({ name }) => !reasons.has(name))
    .map(({ name, tried }) => `LIVES (${tried} worlds): ${name}`),
  ...results
    .filter(({ name, found }) => found !== undefined && reasons.has(name))
    .map(
      ({ name, found }) =>
        `WRITTEN DOWN AND FOUND: ${name}\n    by seed ${found.seed}: ${found.how}`,
    ),
  // A kept world is an object, and comes back from its thread as a copy.
  ...[...kept.keys()]
    .filter((name) => results.some((r) => r.name === name && typeof r.found?.seed !== "object"))
    .map((name) => `NOT FOUND BY THE SEED THAT IS KEPT FOR IT: ${name}`),
  ...[...reasons.keys()]
    .filter((name) => !names.has(name))
    .map((name) => `NO LONGER THERE: ${name}`),
];
if (values.record) {
  const found = results.filter((result) => result.found !== undefined);
  const drawn = found.filter(({ found: { seed } }) => typeof seed === "number");
  const next = Object.fromEntries(drawn.map(({ name, found: { seed } }) => [name, seed]));
  const kept = Object.entries({ ...finders, ...next }).filter(([name]) => names.has(name));
  writeFileSync(findersFile, `${JSON.stringify(Object.fromEntries(kept.sort()), null, 2)}\n`);
}
for (const problem of problems) console.log(problem);
const seconds = ((performance.now() - began) / 1000).toFixed(0);
const handmade = mutants.filter(({ plant }) => plant !== undefined).length;
console.log(
  `\n${results.length} mutants, ${handmade} of them planted by hand: ${results.length - lives.length} found, ` +
    `${lives.length} live and ${lives.filter(({ name }) => reasons.has(name)).length} of those are written down as equivalent (${seconds} s)`,
);
console.log(`${results.length - problems.length} passed, ${problems.length} failed`);
if (problems.length > 0) process.exitCode = 1;
