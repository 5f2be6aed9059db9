/** The longest delay that a timer of Node takes; a longer one fires at once. */
export const maxTimerMs = 2 ** 31 - 1;

export interface Clock {
  /** Milliseconds since some fixed moment. */
  now(): number;
  setTimeout(callback: () => void, delayMs: number): unknown;
  clearTimeout(timer: unknown): void;
}

export const systemClock: Clock = {
  // Not the time of day, which can be set: a timeout counts what has passed.
  now: () => performance.now(),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

/** Calls `callback` after `delayMs` of any size, and gives how to stop that. */
export function startTimer(delayMs: number, callback: () => void, clock: Clock): () => void {
  const due = clock.now() + delayMs;
  let timer: unknown;
  const wait = (): void => {
    const leftMs = due - clock.now();
    if (leftMs <= 0) callback();
    else timer = clock.setTimeout(wait, Math.min(leftMs, maxTimerMs));
  };
  timer = clock.setTimeout(wait, Math.min(Math.max(delayMs, 0), maxTimerMs));
  return () => clock.clearTimeout(timer);
}
