// Lives through many worlds at once, one process for each core.
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";

/** Nearly all that a world makes is dead a step later: room for it to die young, at most 64 MB. */
const YOUNG = ["--max-semi-space-size=64"];

const file = new URL("./live-share.mjs", import.meta.url);

/**
 * `bundle` is what `bundleSimulator` made.
 *
 * @returns for each core its tally, the keys of the branches that it took, and its failures
 */
export async function liveOnAllCores({ bundle, from, seeds }) {
  const of = Math.min(availableParallelism(), seeds);
  const keyOf = new Map(bundle.sites.map(({ id, key }) => [id, key]));
  const keys = (ids) => ids.map((id) => keyOf.get(id));
  const share = async (index) => {
    const order = { bundle: bundle.outfile, index, of, from, seeds };
    const { tally, taken, failures } = await answerOf(order);
    return { tally, taken: { yes: keys(taken.yes), no: keys(taken.no) }, failures };
  };
  return await Promise.all(Array.from({ length: of }, (_, index) => share(index)));
}

function answerOf(order) {
  return new Promise((resolve, reject) => {
    const share = fork(file, [JSON.stringify(order)], { execArgv: YOUNG });
    share.once("message", resolve);
    share.once("exit", (code) => reject(new Error(`a share ended with ${code} and no tally`)));
  });
}
