import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "../../../packages/worker/src/adapters/system-clock.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("a wake-up comes once, not before its time, and can be taken back", () => {
  const wake = vi.fn();
  systemClock.wakeAt(systemClock.now() + 100, wake);
  const cancel = systemClock.wakeAt(systemClock.now() + 50, () => expect.unreachable());
  cancel();
  vi.advanceTimersByTime(99);
  expect(wake).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1_000);
  expect(wake).toHaveBeenCalledTimes(1);
});

test("one that is further away than a timer of 32 bits can hold does not come at once", () => {
  const wake = vi.fn();
  const far = 3 * 2 ** 31;
  systemClock.wakeAt(systemClock.now() + far, wake);
  vi.advanceTimersByTime(far - 1);
  expect(wake).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(wake).toHaveBeenCalledTimes(1);
});
