// Lives through many worlds at once, one process for each core.
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";

/** Nearly all that a world makes is dead a step later: room for it to die young, at most 64 MB. */
const YOUNG = ["--max-semi-space-size=64"];

/** Worlds differ in length: whoever has done its order takes the next, so that all end together. */
const SEEDS_OF_AN_ORDER = 10;
const ORDERS_OF_FAILURES = 16;

const file = new URL("./live-orders.mjs", import.meta.url);

/**
 * `bundle` is what `bundleSimulator` made.
 *
 * @returns the tallies of all worlds of these seeds, what became of each operation that failed in
 * parts, and the keys of the branches that were taken, by process
 */
export async function liveOnAllCores({ bundle, from, seeds }) {
  const orders = [];
  for (let first = 0; first < seeds; first += SEEDS_OF_AN_ORDER) {
    const length = Math.min(SEEDS_OF_AN_ORDER, seeds - first);
    orders.push({ seeds: Array.from({ length }, (_, n) => from + first + n) });
  }
  for (let share = 0; share < ORDERS_OF_FAILURES; share += 1) {
    orders.push({ fail: { share, of: ORDERS_OF_FAILURES } });
  }
  const answers = await Promise.all(
    Array.from({ length: availableParallelism() }, () => obey(bundle, orders)),
  );
  const all = (what) => answers.flat().flatMap((answer) => answer[what] ?? []);
  const keyOf = new Map(bundle.sites.map(({ id, key }) => [id, key]));
  const keys = (ids) => ids.map((id) => keyOf.get(id));
  return {
    tallies: all("tally"),
    failures: answers.flat().flatMap(({ failures }) => (failures === undefined ? [] : [failures])),
    taken: all("taken").map(({ yes, no }) => ({ yes: keys(yes), no: keys(no) })),
  };
}

/** Has a process take order after order, and gives all its answers. */
function obey(bundle, orders) {
  return new Promise((resolve, reject) => {
    const answers = [];
    const child = fork(file, [bundle.outfile], { execArgv: YOUNG });
    child.on("message", (answer) => {
      answers.push(answer);
      if (answer.taken === undefined) child.send(orders.shift() ?? {});
      else resolve(answers);
    });
    child.once("exit", (code) =>
      reject(new Error(`a process ended with ${code}, and not asked to`)),
    );
  });
}
