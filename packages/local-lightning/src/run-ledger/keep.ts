import type { Ledger } from "./ledger.ts";
import type { RunRecord } from "./run-record.ts";

/**
 * Counts text that a run is to hold. False where the run, or the ledger with nothing left to
 * forget, holds as much as it may: then the text is answered as usual, and not kept.
 */
export function keep(ledger: Ledger, run: RunRecord, characters: number): boolean {
  if (run.keptCharacters + characters > ledger.settings.charactersKeptPerRun) return false;
  forgetOldest(ledger, characters);
  const isHeld = ledger.runs.has(run.id);
  if (!isHeld || ledger.keptCharacters + characters > ledger.settings.charactersKept) return false;
  run.keptCharacters += characters;
  ledger.keptCharacters += characters;
  return true;
}

/** A worker's value as it is, or undefined where there is no room for it. */
export function kept(ledger: Ledger, run: RunRecord, value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  return keep(ledger, run, JSON.stringify(value).length) ? value : undefined;
}

/** Forgets the runs that ended first, until there is room for so much more. */
export function forgetOldest(ledger: Ledger, characters: number): void {
  const { runsKept, charactersKept } = ledger.settings;
  for (const id of ledger.ended) {
    const isFull =
      ledger.runs.size > runsKept || ledger.keptCharacters + characters > charactersKept;
    if (!isFull) return;
    forget(ledger, id);
  }
}

function forget(ledger: Ledger, id: string): void {
  const run = ledger.runs.get(id);
  ledger.ended.delete(id);
  ledger.endedWithOpenSteps.delete(id);
  ledger.runs.delete(id);
  ledger.counts.forgotten += 1;
  if (run === undefined) return;
  ledger.keptCharacters -= run.keptCharacters;
  for (const step of run.steps.keys()) ledger.usedIds.delete(step);
  for (const dataclip of run.dataclips.keys()) ledger.usedIds.delete(dataclip);
}
