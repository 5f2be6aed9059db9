/** What the worker does to the world, and what the world does for it: each may fail. */
export const failingPorts = ["transport", "clock", "journal", "engine", "process"] as const;

export type FailingPort = (typeof failingPorts)[number];

/** The one operation of a world that fails; the first is 1. */
export interface FailAt {
  readonly port: FailingPort;
  readonly n: number;
}

export interface Operations {
  /** Counts one; true where it is the one that fails. */
  fails(port: FailingPort): boolean;
  readonly counts: Readonly<Record<FailingPort, number>>;
}

/**
 * How they fail: a socket is refused or dies at a frame, an alarm rings seconds late or the wall
 * clock is an hour off, the disk is full from then on, a child dies instead of what it would do,
 * and the process is killed between two effects.
 */
export function createOperations(failAt: FailAt | undefined): Operations {
  const counts = { transport: 0, clock: 0, journal: 0, engine: 0, process: 0 };
  return {
    counts,
    fails: (port) => {
      counts[port] += 1;
      return failAt?.port === port && failAt.n === counts[port];
    },
  };
}
