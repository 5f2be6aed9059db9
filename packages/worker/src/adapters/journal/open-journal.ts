import { mkdirSync, readdirSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { heldRuns, type JournalledRun } from "../../core/index.ts";
import { type Journal, noJournal } from "../../ports.ts";
import { type JournalFile, openJournalFile } from "./journal-file.ts";
import { decodeLines } from "./journal-line.ts";
import { type OwnerLock, takeLock } from "./owner-lock.ts";

/** Workers that share a state folder, at most. */
const MAX_OWNERS = 1_000;

export interface OpenedJournal {
  readonly journal: Journal;
  /** What the log of the start should say. */
  readonly notes: readonly string[];
  close(): Promise<void>;
}

/**
 * Opens the journal of this worker in a folder that others may share: `journal`, or `journal-2` and
 * so on where its owner lives. What an owner that died has left in any of them is recovered. A
 * folder that cannot be used is a problem that the journal tells of, never an error.
 */
export async function openJournal(folder: string): Promise<OpenedJournal> {
  let own: Owned | undefined;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const owned = takeAll(folder);
    [own] = owned;
    if (own === undefined) throw new Error(`${MAX_OWNERS} workers use it already`);
    const { runs, notes } = recover(owned);
    const file = await openJournalFile(own.path, runs);
    // Only now that their runs stand in our own file may the others' go.
    for (const other of owned.slice(1)) giveUp(other);
    return opened(file, own, runs, [...notes, ...outlives(folder)]);
  } catch (error) {
    own?.lock.release();
    const problem = `${folder}: ${error instanceof Error ? error.message : String(error)}`;
    return {
      journal: { ...noJournal, problem: () => problem },
      notes: [`no journal is kept: ${problem}`],
      close: () => Promise.resolve(),
    };
  }
}

interface Owned {
  readonly path: string;
  readonly lock: OwnerLock;
}

/** The first free place, and every other whose owner has died. */
function takeAll(folder: string): Owned[] {
  const there = readdirSync(folder).flatMap((name) => {
    const [, number] = /^journal(?:-([0-9]+))?$/.exec(name) ?? [];
    return name.startsWith("journal") && !name.includes(".") ? [Number(number ?? 1)] : [];
  });
  const owned: Owned[] = [];
  const last = Math.min(MAX_OWNERS, Math.max(0, ...there) + 1);
  for (let number = 1; number <= last; number += 1) {
    const path = join(folder, number === 1 ? "journal" : `journal-${number}`);
    if (owned.length > 0 && !there.includes(number)) continue;
    const lock = takeLock(`${path}.lock`);
    if (lock !== undefined) owned.push({ path, lock });
  }
  return owned;
}

function recover(owned: readonly Owned[]): {
  readonly runs: readonly JournalledRun[];
  readonly notes: readonly string[];
} {
  const runs = new Map<string, JournalledRun>();
  const notes: string[] = [];
  for (const { path } of owned) {
    const { entries, broken } = decodeLines(readIfThere(path));
    if (broken > 0) notes.push(`${path}: ${broken} lines are damaged and were left out`);
    for (const run of heldRuns(entries)) runs.set(run.id, run);
  }
  if (runs.size > 0) notes.push(`an earlier worker left ${runs.size} runs: they are ended now`);
  return { runs: [...runs.values()], notes };
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}

function giveUp({ path, lock }: Owned): void {
  rmSync(path, { force: true });
  lock.release();
}

function opened(
  file: JournalFile,
  { lock }: Owned,
  runs: readonly JournalledRun[],
  notes: readonly string[],
): OpenedJournal {
  return {
    journal: { recovered: () => runs, append: file.append, problem: file.problem },
    notes,
    async close() {
      await file.close();
      lock.release();
    },
  };
}

/** File systems that end with their container or their machine: overlay, tmpfs, ramfs. */
const SHORT_LIVED = new Set([0x794c7630, 0x01021994, 0x858458f6]);

function outlives(folder: string): readonly string[] {
  if (!SHORT_LIVED.has(statfsSync(folder).type)) return [];
  return [
    `${folder} ends with this container, and the journal with it: mount a volume there, or say --no-journal`,
  ];
}
