import { expect, test } from "vitest";
import { ScriptedWorker } from "./scripted-worker.ts";

/** How many ended runs, and how many unanswered claims, a worker knows again. */
const ENDED = 1_000;
const LATE = 64;

test("a worker knows the last 1,000 runs that ended, and forgets those before", () => {
  const worker = new ScriptedWorker("*:1").start().join();
  const live = (run: string): void => {
    worker.grant("*", run);
    worker.execute(run);
    worker.finish(run);
    // The frames of earlier runs are of no use any more, and looking through them takes long.
    worker.effects = worker.effects.slice(-20);
  };
  for (let run = 0; run <= ENDED; run += 1) live(`run-${run}`);
  worker.grant("*", "run-1");
  expect(worker.state.runs.size).toBe(0);
  worker.pass(20_000);
  worker.grant("*", "run-0");
  expect([...worker.state.runs.keys()]).toEqual(["run-0"]);
});

test("of claims that were not answered in time the last 64 are known, and those before are not", () => {
  const worker = new ScriptedWorker("*:1", { claimTimeoutMs: 100 }).start().join();
  const isOpen = () => worker.lane("*").claim !== undefined;
  while (worker.claims().length < LATE + 2 || isOpen()) worker.pass(50);
  const told = () => worker.logs().filter((line) => line.startsWith("a claim was answered after"));
  const answer = (place: number): void => {
    const claim = worker.claims().at(place);
    if (claim === undefined) throw new Error("too few claims were sent");
    worker.reply(claim, "ok", { runs: [] });
  };
  answer(-LATE - 1);
  expect(told()).toEqual([]);
  answer(-LATE);
  expect(told()).toHaveLength(1);
});
