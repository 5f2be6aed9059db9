// A process that lives through the worlds that it is told to, one order after the other, and says
// what became of them; at last, which branches it took. Started by all-cores.mjs.
const { failEach, runSeeds } = await import(process.argv[2]);

process.on("message", async ({ seeds, fail }) => {
  if (seeds !== undefined) process.send({ tally: await runSeeds(seeds) });
  else if (fail !== undefined) process.send({ failures: await failEach(fail.share, fail.of) });
  else process.send({ taken: taken() }, () => process.disconnect());
});
process.send({ ready: true });

/** The ids of the probes that went each way. */
function taken() {
  const { yes, no } = globalThis.__probes;
  const ids = (counts) => [...counts.keys()].filter((id) => counts[id] > 0);
  return { yes: ids(yes), no: ids(no) };
}
