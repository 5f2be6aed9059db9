import type { Clock } from "../../../packages/engine/src/pool/run-timer.ts";

/** A clock that moves when told, and fires what is due, one timer at a time. */
export function handClock() {
  let now = 0;
  let timers: { at: number; call: () => void }[] = [];
  const asked: number[] = [];
  const clock: Clock = {
    now: () => now,
    setTimeout(call, delayMs) {
      asked.push(delayMs);
      const timer = { at: now + delayMs, call };
      timers.push(timer);
      return timer;
    },
    clearTimeout(timer) {
      timers = timers.filter((other) => other !== timer);
    },
  };
  const advance = (byMs: number): void => {
    now += byMs;
    for (const timer of timers.filter(({ at }) => at <= now)) {
      timers = timers.filter((other) => other !== timer);
      timer.call();
    }
  };
  return { clock, advance, asked };
}
