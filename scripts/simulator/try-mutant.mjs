// A thread that tries mutants, and is replaced where one of them breaks it.
import { Worker } from "node:worker_threads";

/**
 * A mutant that turns in circles is told by its probes, however busy the machine is. That a world
 * takes so long says that something else is wrong, and is no finding.
 */
const STUCK_AFTER_MS = 600_000;

export function openBench(bundle) {
  const file = new URL("./mutant-worker.mjs", import.meta.url);
  let worker;
  const start = async () => {
    worker = new Worker(file, {
      workerData: { bundle },
      resourceLimits: { maxOldGenerationSizeMb: 400 },
    });
    await new Promise((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
  };
  return {
    /** @returns how the mutant was found, or undefined where it lives through all these worlds */
    async attempt(active, seeds) {
      if (worker === undefined) await start();
      let seed;
      let timer;
      const outcome = await new Promise((resolve) => {
        const watch = () => {
          clearTimeout(timer);
          timer = setTimeout(() => resolve({ seed, stuck: true }), STUCK_AFTER_MS);
        };
        const onMessage = (message) => {
          if (message.trying !== undefined) {
            seed = message.trying;
            watch();
          } else if (message.done) resolve(message);
        };
        worker.on("message", onMessage);
        worker.once("error", (error) => resolve({ seed, broken: error.message }));
        worker.postMessage({ active, seeds });
      });
      clearTimeout(timer);
      worker.removeAllListeners("message").removeAllListeners("error");
      if (outcome.broken !== undefined || outcome.stuck) {
        await worker.terminate();
        worker = undefined;
        if (outcome.stuck) throw new Error(`seed ${seed} is not lived through in ten minutes`);
        return { seed, how: outcome.broken };
      }
      if (outcome.detail === undefined) return undefined;
      return { seed: outcome.seed, how: `invariant ${outcome.invariant}: ${outcome.detail}` };
    },
    close: () => worker?.terminate(),
  };
}
