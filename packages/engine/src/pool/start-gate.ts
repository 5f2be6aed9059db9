import type { Clock } from "./run-timer.ts";

/** Where runs never stop to start, what waits begins after this long beside them. */
const longestMs = 1_000;

/** Lets what is in no hurry begin when no child comes up: each keeps a processor busy. */
export interface StartGate {
  /** A child comes up until this settles. */
  starts(up: Promise<unknown>): void;
  /** Begins at once where none comes up; else behind those, one at a time, or after a while. */
  whenQuiet(begin: () => void): void;
  /** What waits never begins, nor what comes later. */
  close(): void;
}

export function startGate(clock: Clock): StartGate {
  let starting = 0;
  let closed = false;
  const waiting = new Map<() => void, unknown>();
  const take = (begin: () => void): void => {
    clock.clearTimeout(waiting.get(begin));
    waiting.delete(begin);
  };
  const ended = (): void => {
    starting -= 1;
    for (const begin of waiting.keys()) {
      if (starting > 0) return;
      take(begin);
      begin();
    }
  };
  return {
    starts(up) {
      starting += 1;
      void up.then(ended, ended);
    },
    whenQuiet(begin) {
      if (closed) return;
      if (starting === 0) return begin();
      const late = (): void => {
        take(begin);
        begin();
      };
      waiting.set(begin, clock.setTimeout(late, longestMs));
    },
    close() {
      closed = true;
      for (const begin of waiting.keys()) take(begin);
    },
  };
}
