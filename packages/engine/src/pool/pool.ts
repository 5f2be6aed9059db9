import type { AdaptorPlaces, PackPlaces } from "../messages.ts";
import type { Child } from "./child-process.ts";
import type { Clock } from "./run-timer.ts";
import { startGate } from "./start-gate.ts";

/** What a run needs of its child. */
export interface Need {
  readonly lane: string;
  /** `name@version`, sorted, without repeats. */
  readonly adaptors: readonly string[];
  readonly memoryLimitMb: number;
}

interface Spare {
  readonly child: Child;
  readonly need: Need;
  /** Settles when it has imported its adaptors, false where it died of it. */
  readonly ready: Promise<boolean>;
  warm: boolean;
}

/** Children kept ready: at most one for each lane and size, with the adaptors it used last. */
export interface Pool {
  /** A child for a run: a spare that fits, else a new process. It is the caller's from now on. */
  take(need: Need): Promise<Child>;
  /**
   * Makes a spare like this one, where there is room, when no run waits for a child to come up;
   * false where it does not come up.
   */
  prepare(need: Need): Promise<boolean>;
  readonly spareCount: () => number;
  close(): void;
}

export interface PoolOptions {
  readonly spawn: (memoryLimitMb: number) => Child;
  readonly places: AdaptorPlaces;
  readonly packsOf: (adaptors: readonly string[], memoryLimitMb: number) => Promise<PackPlaces>;
  /** True where a child that has become its user can still read the installed packages. */
  readonly mayRead: boolean;
  /** Asked each time that one could be made: memory comes and goes. */
  readonly maxSpares: () => number;
  readonly clock: Clock;
}

export function createPool(options: PoolOptions): Pool {
  const { spawn, maxSpares } = options;
  let spares: Spare[] = [];
  const gate = startGate(options.clock);
  /** By the need, so that many runs like one another ask for one. */
  const wanted = new Map<string, Promise<boolean>>();
  const drop = (spare: Spare): void => {
    spares = spares.filter((other) => other !== spare);
  };
  const make = (need: Need): Promise<boolean> => {
    const child = spawn(need.memoryLimitMb);
    const ready = warmUp(child, need.adaptors, options);
    gate.starts(ready);
    const spare: Spare = { child, need, ready, warm: false };
    spares.push(spare);
    // A spare that dies while it waits is no spare; the next run gets another child.
    void child.exited.then(() => drop(spare));
    void ready.then((alive) => {
      spare.warm = alive;
      if (!alive) drop(spare);
    });
    return ready;
  };
  const dropOldest = (): void => {
    const [oldest] = spares;
    if (oldest === undefined) return;
    drop(oldest);
    oldest.child.kill();
  };
  const makeIfRoom = (need: Need): Promise<boolean> => {
    const limit = maxSpares();
    // The ones that wait longest are for what was asked for longest ago.
    while (spares.length > 0 && spares.length > limit) dropOldest();
    const same = spares.find((spare) => keyOf(spare.need) === keyOf(need));
    if (same !== undefined) return same.ready;
    if (limit === 0) return Promise.resolve(true);
    if (spares.length >= limit) dropOldest();
    return make(need);
  };
  return {
    async take(need) {
      for (;;) {
        const spare = bestSpare(spares, need, options.mayRead);
        if (spare === undefined) break;
        drop(spare);
        if (await spare.ready) return spare.child;
        spare.child.kill();
      }
      const child = spawn(need.memoryLimitMb);
      const up = child.next();
      gate.starts(up);
      await up;
      return child;
    },
    prepare(need) {
      const key = keyOf(need);
      const asked = wanted.get(key);
      if (asked !== undefined) return asked;
      let begun = false;
      const made = new Promise<boolean>((resolve) => {
        gate.whenQuiet(() => {
          begun = true;
          wanted.delete(key);
          resolve(makeIfRoom(need));
        });
      });
      if (!begun) wanted.set(key, made);
      return made;
    },
    spareCount: () => spares.length,
    close() {
      gate.close();
      for (const { child } of spares) child.kill();
      spares = [];
    },
  };
}

async function warmUp(
  child: Child,
  adaptors: readonly string[],
  { places, packsOf }: PoolOptions,
): Promise<boolean> {
  if ((await child.next()) === undefined) return false;
  if (adaptors.length === 0) return true;
  const packs = await packsOf(adaptors, child.memoryLimitMb);
  child.send({ type: "warm", places, packs, adaptors, user: child.user });
  return (await child.next()) !== undefined;
}

/**
 * A spare of the right size that has imported no adaptor but the run's own: code of another
 * plan's adaptor has no business in this run. Of those the one with the most, and warm before cold.
 * One that can read nothing more must have imported all, or nothing yet.
 */
function bestSpare(spares: readonly Spare[], need: Need, mayRead: boolean): Spare | undefined {
  const fits = spares.filter(
    (spare) =>
      spare.need.memoryLimitMb === need.memoryLimitMb &&
      spare.need.adaptors.every((adaptor) => need.adaptors.includes(adaptor)) &&
      (mayRead || [0, need.adaptors.length].includes(spare.need.adaptors.length)),
  );
  const score = (spare: Spare): number =>
    spare.need.adaptors.length * 4 + (spare.warm ? 2 : 0) + (spare.need.lane === need.lane ? 1 : 0);
  return fits.sort((a, b) => score(b) - score(a))[0];
}

function keyOf({ lane, memoryLimitMb, adaptors }: Need): string {
  return JSON.stringify([lane, memoryLimitMb, adaptors]);
}
