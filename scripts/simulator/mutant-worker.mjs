// Lives through worlds with one mutant until one of them breaks, in a thread of its own: a mutant
// may turn in circles for ever, and then the thread is ended from outside.
import { parentPort, workerData } from "node:worker_threads";

const { drawScenario, runWorld } = await import(workerData.bundle);

/** A world of the shipping code takes some thousands of steps, at most ten times as many. */
const MAX_STEPS = 80_000;

const live = async (active, seed) => {
  globalThis.__probes.active = active;
  globalThis.__probes.begin();
  // A kept world is a scenario, every other one is the number that it is drawn from.
  const scenario = typeof seed === "number" ? drawScenario(seed) : seed;
  return await runWorld(scenario, undefined, MAX_STEPS);
};

parentPort.on("message", async ({ active, seeds }) => {
  for (const seed of seeds) {
    parentPort.postMessage({ trying: seed });
    const { violation } = await live(active, seed);
    if (violation === undefined) continue;
    parentPort.postMessage({ done: true, seed, ...violation });
    return;
  }
  parentPort.postMessage({ done: true });
});
parentPort.postMessage({ ready: true });
