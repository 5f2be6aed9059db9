import type { JournalledRun } from "../../core/index.ts";
import type { Clock } from "../../ports.ts";
import type { OpenedJournal } from "./open-journal.ts";
import { SIGN_OF_LIFE_MS } from "./owner-lock.ts";

/**
 * Looks again and again whether a worker that shares the folder has died, and tells what it held.
 * In a Deployment the next pod starts while the dead one's lock still counts as alive: nothing
 * else would end those runs before yet another start. Returns what ends it.
 */
export function awaitDeaths(
  { takeOver }: Pick<OpenedJournal, "takeOver">,
  clock: Clock,
  inherit: (runs: readonly JournalledRun[]) => void,
): () => Promise<void> {
  let isOver = false;
  let looking = Promise.resolve();
  let cancel = (): void => {};
  const wait = (): void => {
    cancel = clock.wakeAt(clock.now() + SIGN_OF_LIFE_MS, () => {
      looking = look();
    });
  };
  const look = async (): Promise<void> => {
    const runs = await takeOver();
    // They stand in our own file now: where we end, the next worker finds them there.
    if (isOver) return;
    if (runs.length > 0) inherit(runs);
    wait();
  };
  wait();
  return () => {
    isOver = true;
    cancel();
    return looking;
  };
}
