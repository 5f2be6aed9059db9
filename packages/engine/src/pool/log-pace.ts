import type { Frame } from "../frame.ts";
import type { Clock } from "./run-timer.ts";

/** What it takes this process to read, check and hand on a line, on a slow machine. */
const msPerLine = 0.075;
const msPerCharacter = 1e-5;
/** About four hundred lines, or a state of three megabytes: a job that tells what it did. */
const burstMs = 30;
/** How much of this process one run's log may take: some eight hundred short lines a second. */
const share = 0.06;
/** Few long waits cost less than many short ones. */
const longerMs = 20;

/**
 * Holds back a run that floods its log: every line is handled by the one process that starts all
 * runs, however little of the processor the run itself gets. A run that is not read waits with its
 * next line, so that none is lost and none is kept here.
 */
export function logPace(clock: Clock): (line: Frame) => Promise<void> | undefined {
  let aheadMs = 0;
  let last = clock.now();
  return ({ body }) => {
    const now = clock.now();
    const restedMs = (now - last) * share;
    aheadMs = Math.max(0, aheadMs - restedMs) + msPerLine + body.length * msPerCharacter;
    last = now;
    const tooMuchMs = aheadMs - burstMs;
    if (tooMuchMs <= 0) return undefined;
    return new Promise((resolve) => {
      clock.setTimeout(resolve, Math.ceil(tooMuchMs / share) + longerMs);
    });
  };
}
