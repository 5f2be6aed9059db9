import { renameSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import type { JournalEntry, JournalledRun } from "../../core/index.ts";
import { encodeLine } from "./journal-line.ts";
import {
  closeLineFile,
  createLineFile,
  forgetClaim,
  type LineFile,
  putEntry,
  syncLineFile,
} from "./line-file.ts";

/** From this size on the file is written anew with what is held alone. */
const ROTATE_BYTES = 64_000;

/** Lightning's tokens have some 700 bytes. What a worker holds is bounded in number, so the file is too. */
const MAX_LINE_BYTES = 4_096;

export interface JournalFile {
  /**
   * Writes the entry before it returns, so that it outlives this process. Settles when it is on
   * the disk as well, or cannot be. Entries of one moment share a flush.
   */
  append(entry: JournalEntry): Promise<void>;
  problem(): string | undefined;
  close(): Promise<void>;
}

/** Is told, for the log, that nothing can be written any more, and that it can be again. */
export type TellLog = (note: string) => void;

interface State {
  readonly path: string;
  readonly tell: TellLog;
  /** Whether the place of this file is another worker's by now. */
  readonly isTaken: () => boolean;
  /** The entries of each run that is held: what a new file begins with. */
  readonly held: Map<string, JournalEntry[]>;
  file: LineFile | undefined;
  /** Something was put since the last flush began. */
  dirty: boolean;
  flushing: Promise<void> | undefined;
  /** What was put while a new file is being written: it goes into that one too. */
  meanwhile: JournalEntry[] | undefined;
  /** The smallest size at which the file is written anew. */
  rotateAt: number;
  problem: string | undefined;
}

/** A file that begins with these runs. What cannot be written is tried again with the next entry. */
export async function openJournalFile(
  path: string,
  runs: readonly JournalledRun[],
  tell: TellLog,
  isTaken: () => boolean,
): Promise<JournalFile> {
  const state: State = {
    path,
    tell,
    isTaken,
    held: new Map(runs.map((run) => [run.id, entriesOf(run)])),
    file: undefined,
    dirty: false,
    flushing: undefined,
    meanwhile: undefined,
    rotateAt: ROTATE_BYTES,
    problem: undefined,
  };
  await attempt(state, () => rotate(state));
  return {
    append(entry) {
      if (isTooLong(state, entry)) return Promise.resolve();
      remember(state, entry);
      state.meanwhile?.push(entry);
      put(state, entry);
      state.dirty = true;
      // The flush that is under way may not hold this entry: it waits for the one after it.
      state.flushing = (state.flushing ?? Promise.resolve()).then(() => flush(state));
      return state.flushing;
    },
    problem: () => state.problem,
    async close() {
      await state.flushing;
      await attempt(state, () => rotate(state));
      closeLineFile(state.file);
      state.file = undefined;
    },
  };
}

/** What a file says of a run that is held. */
export function entriesOf({ id: run, token, chain, started, end }: JournalledRun): JournalEntry[] {
  return [
    { type: "claimed", run, token, chain },
    ...(started ? [{ type: "started", run } as const] : []),
    ...(end === undefined ? [] : [{ type: "ending", run, end } as const]),
  ];
}

/** No Lightning gives such a token: the run is executed, and not ended for us if we die. */
function isTooLong({ tell }: State, entry: JournalEntry): boolean {
  if (entry.type !== "claimed" || Buffer.byteLength(encodeLine(entry)) <= MAX_LINE_BYTES) {
    return false;
  }
  tell(`run ${entry.run} is not in the journal: its entry is longer than ${MAX_LINE_BYTES} bytes`);
  return true;
}

function remember({ held }: State, entry: JournalEntry): void {
  if (entry.type === "ended") held.delete(entry.run);
  else if (entry.type === "claimed") held.set(entry.run, [...(held.get(entry.run) ?? []), entry]);
  else held.get(entry.run)?.push(entry);
}

function put(state: State, entry: JournalEntry): void {
  const { file } = state;
  if (file === undefined) return;
  try {
    if (state.problem === undefined) putEntry(file, entry);
  } catch (error) {
    fail(state, error);
  }
  if (state.problem === undefined) return;
  // What cannot be written must not be read otherwise by the next worker: a run that it finds
  // claimed, it would execute a second time.
  try {
    if (entry.type !== "claimed") forgetClaim(file, entry.run);
  } catch (error) {
    fail(state, error);
  }
}

async function flush(state: State): Promise<void> {
  // An earlier flush has taken this entry with its own.
  if (!state.dirty) return;
  state.dirty = false;
  await attempt(state, async () => {
    const { file, problem } = state;
    const isFine = file !== undefined && problem === undefined;
    if (isFine && file.bytes < state.rotateAt) await syncLineFile(file);
    else await rotate(state);
  });
}

async function attempt(state: State, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    fail(state, error);
  }
}

function fail(state: State, error: unknown): void {
  const was = state.problem;
  state.problem = `${state.path}: ${error instanceof Error ? error.message : String(error)}`;
  if (was === undefined) {
    state.tell(
      `the journal cannot be written, and runs that are held now are not known to the next worker: ${state.problem}`,
    );
  }
}

/**
 * Puts a file with what is held in the place of the old one, whole or not at all. What is put
 * while the new one goes to the disk stands in both.
 */
async function rotate(state: State): Promise<void> {
  if (state.isTaken()) throw new Error("another worker has taken over what this one holds");
  const draft = `${state.path}.new`;
  let file: LineFile | undefined;
  try {
    file = createLineFile(draft);
    state.meanwhile = [];
    for (const entry of [...state.held.values()].flat()) putEntry(file, entry);
    await syncLineFile(file);
    for (const entry of state.meanwhile) putEntry(file, entry);
    renameSync(draft, state.path);
  } catch (error) {
    closeLineFile(file);
    rmSync(draft, { force: true });
    throw error;
  } finally {
    state.meanwhile = undefined;
  }
  closeLineFile(state.file);
  state.file = file;
  state.rotateAt = Math.max(ROTATE_BYTES, file.bytes * 2);
  if (state.problem !== undefined) {
    state.problem = undefined;
    state.tell(`the journal is written again: ${state.path}`);
  }
  await syncLineFile(file);
  await syncFolder(dirname(state.path));
}

/** The name of a file is on the disk only when its folder is. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path);
    await folder.sync().finally(() => folder.close());
  } catch {
    // Some systems have no such call for folders; the file itself is on the disk by now.
  }
}
