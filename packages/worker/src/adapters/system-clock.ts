import type { Clock } from "../ports.ts";

/** The longest time that a timer of Node takes; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The clocks and timers of this process. A wake-up far away is reached in several steps. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => performance.timeOrigin + performance.now(),
  wakeAt(at, wake) {
    let timer: NodeJS.Timeout | undefined;
    const arm = (): void => {
      const restMs = at - performance.now();
      if (restMs > MAX_TIMER_MS) timer = setTimeout(arm, MAX_TIMER_MS);
      else timer = setTimeout(wake, Math.max(0, Math.ceil(restMs)));
    };
    arm();
    return () => clearTimeout(timer);
  },
};
