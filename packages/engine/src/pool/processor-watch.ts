import type { Child } from "./child-process.ts";
import { cpuTimeMs } from "./cpu-time.ts";
import { type Clock, startTimer } from "./run-timer.ts";

/** More than a short job uses, and a tenth of what five runs need to start. */
const budgetMs = 50;
/** A child that is not warm loads its adaptors first, which is no fault of the job. */
const loadingMs = 200;
/** What a run may use as it goes on: one that waits for others most of the time hurts nobody. */
const lastingShare = 0.1;
/** Often enough that a busy run gets little more than its budget, seldom enough to cost nothing. */
const shortestMs = 25;

/**
 * Has a run yield the processor when it used more than its share of it. Where what it used cannot
 * be told, all time counts.
 */
export function watchProcessor(
  child: Pick<Child, "pid" | "yieldProcessor">,
  { clock, warm }: { readonly clock: Clock; readonly warm: boolean },
): () => void {
  const start = clock.now();
  const usedAtStart = cpuTimeMs(child.pid) ?? 0;
  let stop = (): void => undefined;
  const lookIn = (delayMs: number): void => {
    stop = startTimer(Math.max(shortestMs, delayMs), look, clock);
  };
  const look = (): void => {
    const elapsedMs = clock.now() - start;
    const now = cpuTimeMs(child.pid);
    const usedMs = now === undefined ? elapsedMs : now - usedAtStart;
    const allowedMs = budgetMs + (warm ? 0 : loadingMs) + elapsedMs * lastingShare;
    if (usedMs < allowedMs) lookIn(allowedMs - usedMs);
    // The kernel may want it to be asked for again later.
    else if (!child.yieldProcessor()) lookIn(budgetMs);
  };
  lookIn(budgetMs);
  return () => stop();
}
