// A process that lives through every `of`-th seed, and fails every `of`-th operation. Started by
// all-cores.mjs.
const { bundle, index, of, from, seeds } = JSON.parse(process.argv[2]);
const { failEach, runSeeds } = await import(bundle);

const mine = Array.from({ length: seeds }, (_, n) => from + n).filter((n) => n % of === index);
const tally = await runSeeds(mine);
const { yes, no } = globalThis.__probes;
const taken = { yes: countedIn(yes), no: countedIn(no) };
const failures = await failEach(index, of);
process.send({ tally, taken, failures }, () => process.disconnect());

/** The ids of the probes that counted something. */
function countedIn(counts) {
  return [...counts.keys()].filter((id) => counts[id] > 0);
}
