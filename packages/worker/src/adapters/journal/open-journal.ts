import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { heldRuns, type JournalEntry, type JournalledRun } from "../../core/index.ts";
import { type Journal, noJournal } from "../../ports.ts";
import { entriesOf, type JournalFile, openJournalFile, type TellLog } from "./journal-file.ts";
import { decodeLines } from "./journal-line.ts";
import { isOwned, type OwnerLock, removeLeftDrafts, takeLock } from "./owner-lock.ts";

/** Workers that share a state folder, at most. */
const MAX_OWNERS = 1_000;

/** Ten thousand slots, three runs each and the longest lines, twice. A longer file is not ours. */
const MAX_FILE_BYTES = 256_000_000;

export interface OpenedJournal {
  readonly journal: Journal;
  /** What the log of the start should say. */
  readonly notes: readonly string[];
  /** Those of them that stay true: entries that are lost, and a folder that will be. */
  readonly flaws: readonly string[];
  /** Makes its own what workers held that have died since then, and says it. Never rejects. */
  takeOver(): Promise<readonly JournalledRun[]>;
  close(): Promise<void>;
}

/**
 * Opens the journal of this worker in a folder that others may share: `journal`, or `journal-2` and
 * so on where its owner lives. What an owner that died has left in any of them is recovered. A
 * folder that cannot be used is a problem that the journal tells of, never an error.
 *
 * `onTaken` is called where another worker took this one for dead while it slept, and a run was
 * about to start: that one may execute it, so that here it never does.
 */
export async function openJournal(
  folder: string,
  tell: TellLog,
  onTaken: () => void,
): Promise<OpenedJournal> {
  let own: Owned | undefined;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    removeLeftDrafts(folder);
    own = takePlace(folder);
    const { runs, damage } = recover([own.path, ...inheritedBy(own.path)]);
    const file = await openJournalFile(own.path, runs, tell, own.lock.isTaken);
    // Their runs stand in our file now. If it cannot be written they must not stand anywhere: the
    // next worker would take a run for one that has not begun.
    if (file.problem() !== undefined) remove(own.path);
    for (const inherited of inheritedBy(own.path)) remove(inherited);
    const owned = { ...own, file, tell, onTaken };
    return opened(owned, runs, [...damage, ...outlives(folder)]);
  } catch (error) {
    own?.lock.release();
    const problem = `${folder}: ${sayError(error)}`;
    return {
      journal: { ...noJournal, problem: () => problem },
      notes: [`no journal is kept: ${problem}`],
      flaws: [],
      takeOver: () => Promise.resolve([]),
      close: () => Promise.resolve(),
    };
  }
}

interface Owned {
  readonly path: string;
  readonly lock: OwnerLock;
}

/** A place of ours and what is written there. */
interface Kept extends Owned {
  readonly file: JournalFile;
  readonly tell: TellLog;
  readonly onTaken: () => void;
}

/**
 * The first free place; what dead owners left in others is renamed into it. A rename happens or
 * does not, so that each file has one heir whatever becomes of this process.
 */
function takePlace(folder: string): Owned {
  const there = numbersIn(folder);
  const last = Math.min(MAX_OWNERS, Math.max(0, ...there) + 1);
  let own: Owned | undefined;
  for (let number = 1; number <= last; number += 1) {
    if (own !== undefined && !there.has(number)) continue;
    const path = placeIn(folder, number);
    const lock = takeLock(`${path}.lock`);
    if (lock === undefined) continue;
    if (own === undefined) own = { path, lock };
    else inherit(own, { path, lock });
  }
  if (own === undefined) throw new Error(`${MAX_OWNERS} workers use it already`);
  return own;
}

function placeIn(folder: string, number: number): string {
  return join(folder, number === 1 ? "journal" : `journal-${number}`);
}

function numbersIn(folder: string): Set<number> {
  return new Set(
    readdirSync(folder).flatMap((name) => {
      const match = /^journal(?:-([0-9]+))?(?:\.|$)/.exec(name);
      return match === null ? [] : [Number(match[1] ?? 1)];
    }),
  );
}

/** A dead owner's file, and what that one had inherited and not written yet, becomes ours. */
function inherit(own: Owned, { path, lock }: Owned): void {
  try {
    const mine = inheritedBy(own.path).length;
    const files = [path, ...inheritedBy(path)];
    for (const [index, file] of files.entries()) {
      moveIfThere(file, `${own.path}.from-${mine + index + 1}`);
    }
    remove(`${path}.new`);
  } finally {
    lock.release();
  }
}

function inheritedBy(path: string): readonly string[] {
  const folder = join(path, "..");
  const prefix = `${basename(path)}.from-`;
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix))
    .map((name) => join(folder, name));
}

function moveIfThere(from: string, to: string): void {
  if (existsSync(from)) renameSync(from, to);
}

/** Whatever it is. */
function remove(path: string): void {
  rmSync(path, { force: true, recursive: true });
}

function recover(paths: readonly string[]): {
  readonly runs: readonly JournalledRun[];
  readonly damage: readonly string[];
} {
  const damage: string[] = [];
  const runs = new Map<string, JournalledRun>();
  for (const path of paths.filter(existsSync)) {
    const { entries, problem } = readEntries(path);
    if (problem !== undefined) damage.push(`${path}: ${problem}`);
    for (const run of heldRuns(entries)) runs.set(run.id, furtherOf(runs.get(run.id), run));
  }
  return { runs: [...runs.values()], damage };
}

/** A worker that died in the middle of an inheritance leaves a run in two files. */
function furtherOf(one: JournalledRun | undefined, other: JournalledRun): JournalledRun {
  if (one === undefined) return other;
  return { ...one, started: one.started || other.started, end: one.end ?? other.end };
}

function readEntries(path: string): {
  readonly entries: readonly JournalEntry[];
  readonly problem: string | undefined;
} {
  try {
    const { size } = statSync(path);
    if (size > MAX_FILE_BYTES) throw new Error(`${size} bytes are more than a worker writes`);
    const { entries, broken } = decodeLines(readFileSync(path, "utf8"));
    const problem = broken > 0 ? `${broken} lines are damaged and were left out` : undefined;
    return { entries, problem };
  } catch (error) {
    return { entries: [], problem: `it was not read: ${sayError(error)}` };
  }
}

function sayError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function opened(
  kept: Kept,
  runs: readonly JournalledRun[],
  flaws: readonly string[],
): OpenedJournal {
  const { file, lock } = kept;
  const left = `an earlier worker left ${runs.length} runs: they are ended now`;
  return {
    journal: {
      recovered: () => runs,
      append: (entry) => append(kept, entry),
      problem: file.problem,
    },
    notes: [...flaws, ...(runs.length > 0 ? [left] : [])],
    flaws,
    takeOver: () => takeOver(kept),
    async close() {
      await file.close();
      lock.release();
    },
  };
}

/** Never settles for the start of a run that another worker may execute: it has no beginning here. */
function append({ file, lock, tell, onTaken }: Kept, entry: JournalEntry): Promise<void> {
  if (entry.type !== "started" || !lock.isTaken()) return file.append(entry);
  tell("this worker was silent for too long, and another one has taken over what it held: it ends");
  onTaken();
  return new Promise(() => {});
}

async function takeOver(own: Kept): Promise<readonly JournalledRun[]> {
  const { file, tell } = own;
  try {
    const folder = dirname(own.path);
    for (const number of numbersIn(folder)) {
      const path = placeIn(folder, number);
      if (path === own.path || isOwned(`${path}.lock`)) continue;
      const lock = takeLock(`${path}.lock`);
      if (lock !== undefined) inherit(own, { path, lock });
    }
    const inherited = inheritedBy(own.path);
    const { runs, damage } = recover(inherited);
    for (const note of damage) tell(note);
    if (runs.length > 0) tell(`a worker that died left ${runs.length} runs: they are ended now`);
    await Promise.all(runs.flatMap(entriesOf).map((entry) => file.append(entry)));
    for (const path of inherited) remove(path);
    return runs;
  } catch {
    // The folder cannot be used now: what is written to it next tells so, and this is tried again.
    return [];
  }
}

/** File systems that end with their container or their machine: overlay, tmpfs, ramfs. */
const SHORT_LIVED = new Set([0x794c7630, 0x01021994, 0x858458f6]);

function outlives(folder: string): readonly string[] {
  if (!SHORT_LIVED.has(statfsSync(folder).type)) return [];
  return [
    `${folder} ends with this container, and the journal with it: mount a volume there, or say --no-journal`,
  ];
}
