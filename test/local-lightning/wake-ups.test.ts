import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { announceRun, createWakeUps, listen } from "../../packages/local-lightning/src/wake-ups.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("the first run opens a fixed window of 500 ms, which ends in one push", () => {
  const wakeUps = createWakeUps(500, true);
  const push = vi.fn();
  listen(wakeUps, push);
  announceRun(wakeUps);
  vi.advanceTimersByTime(499);
  announceRun(wakeUps);
  expect(push).toHaveBeenCalledTimes(0);
  vi.advanceTimersByTime(1);
  expect(push).toHaveBeenCalledTimes(1);
  // The window does not slide: the run of 499 ms was absorbed by the push of 500 ms.
  vi.advanceTimersByTime(5_000);
  expect(push).toHaveBeenCalledTimes(1);
  announceRun(wakeUps);
  vi.advanceTimersByTime(500);
  expect(push).toHaveBeenCalledTimes(2);
});

test("each channel has its own window, and one that is left hears nothing", () => {
  const wakeUps = createWakeUps(500, true);
  const [early, late, gone] = [vi.fn(), vi.fn(), vi.fn()];
  listen(wakeUps, early);
  const leave = listen(wakeUps, gone);
  announceRun(wakeUps);
  vi.advanceTimersByTime(300);
  listen(wakeUps, late);
  leave();
  announceRun(wakeUps);
  vi.advanceTimersByTime(200);
  expect([early, late, gone].map(({ mock }) => mock.calls.length)).toEqual([1, 0, 0]);
  vi.advanceTimersByTime(300);
  expect([early, late, gone].map(({ mock }) => mock.calls.length)).toEqual([1, 1, 0]);
});

test("a window of 0 pushes at once, and switched off nothing is pushed", () => {
  const push = vi.fn();
  const atOnce = createWakeUps(0, true);
  listen(atOnce, push);
  announceRun(atOnce);
  announceRun(atOnce);
  expect(push).toHaveBeenCalledTimes(2);
  atOnce.enabled = false;
  announceRun(atOnce);
  expect(push).toHaveBeenCalledTimes(2);
  expect(vi.getTimerCount()).toBe(0);
});
