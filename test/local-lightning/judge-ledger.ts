import { isFinal, type Ledger } from "@workloops/local-lightning/run-ledger";
import { expect } from "vitest";

/** What must hold of a ledger whatever workers send. */
export function judgeLedger(ledger: Ledger): void {
  for (const run of ledger.runs.values()) {
    const entry = ledger.queue.entries.get(run.id);
    expect(entry === undefined).toBe(isFinal(run.state));
    if (entry !== undefined) expect(entry.available).toBe(run.state === "available");
    expect(run.logs.length).toBeLessThanOrEqual(ledger.settings.logLinesKeptPerRun);
    expect(run.steps.size).toBeLessThanOrEqual(ledger.settings.stepsPerRun);
    expect(run.keptCharacters).toBeLessThanOrEqual(ledger.settings.charactersKeptPerRun);
    for (const text of run.dataclips.values()) JSON.parse(text ?? "null");
  }
  const sum = [...ledger.runs.values()].reduce((all, run) => all + run.keptCharacters, 0);
  expect(ledger.keptCharacters).toBe(sum);
  const inProgress = [...ledger.started.values()].flatMap((runs) => [...runs]);
  expect(inProgress.every(({ state }) => state === "started")).toBe(true);
}
