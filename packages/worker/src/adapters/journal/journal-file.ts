import { type FileHandle, open, rename } from "node:fs/promises";
import type { JournalEntry, JournalledRun } from "../../core/index.ts";
import { encodeLine } from "./journal-line.ts";

/** From this size on the file is written anew with what is held alone, and ended runs' tokens go. */
const ROTATE_BYTES = 64_000;

export interface JournalFile {
  /** Settles when the entry is on the disk, or cannot be. Entries of one moment share a flush. */
  append(entry: JournalEntry): Promise<void>;
  problem(): string | undefined;
  close(): Promise<void>;
}

interface State {
  readonly path: string;
  /** The entries of each run that is held: what a new file begins with. */
  readonly held: Map<string, JournalEntry[]>;
  pending: JournalEntry[];
  flushing: Promise<void> | undefined;
  file: FileHandle | undefined;
  bytes: number;
  /** The smallest size at which the file is written anew. */
  rotateAt: number;
  problem: string | undefined;
}

/** A file that begins with these runs. What cannot be written is tried again with the next entry. */
export async function openJournalFile(
  path: string,
  runs: readonly JournalledRun[],
): Promise<JournalFile> {
  const state: State = {
    path,
    held: new Map(runs.map((run) => [run.id, entriesOf(run)])),
    pending: [],
    flushing: undefined,
    file: undefined,
    bytes: 0,
    rotateAt: ROTATE_BYTES,
    problem: undefined,
  };
  await attempt(state, () => rewrite(state));
  return {
    append(entry) {
      remember(state, entry);
      state.pending.push(entry);
      // The batch that is being written does not hold this entry: it waits for the one after it.
      state.flushing = (state.flushing ?? Promise.resolve()).then(() => flush(state));
      return state.flushing;
    },
    problem: () => state.problem,
    async close() {
      await state.flushing;
      // Tokens of ended runs do not outlive the worker.
      await attempt(state, () => rewrite(state));
      await state.file?.close().catch(() => {});
      state.file = undefined;
    },
  };
}

function entriesOf({ id: run, token, chain, started, end }: JournalledRun): JournalEntry[] {
  return [
    { type: "claimed", run, token, chain },
    ...(started ? [{ type: "started", run } as const] : []),
    ...(end === undefined ? [] : [{ type: "ending", run, end } as const]),
  ];
}

function remember({ held }: State, entry: JournalEntry): void {
  if (entry.type === "ended") held.delete(entry.run);
  else if (entry.type === "claimed") held.set(entry.run, [...(held.get(entry.run) ?? []), entry]);
  else held.get(entry.run)?.push(entry);
}

async function flush(state: State): Promise<void> {
  const { pending } = state;
  // An earlier flush has taken this entry with its own.
  if (pending.length === 0) return;
  state.pending = [];
  await attempt(state, async () => {
    if (state.file === undefined || state.bytes >= state.rotateAt) await rewrite(state);
    else await write(state, state.file, pending);
  });
}

async function attempt(state: State, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    state.problem = undefined;
  } catch (error) {
    state.problem = `${state.path}: ${error instanceof Error ? error.message : String(error)}`;
    await state.file?.close().catch(() => {});
    // What a file holds that could not be written whole is not known: the next one is a new file.
    state.file = undefined;
  }
}

async function write(
  state: State,
  file: FileHandle,
  entries: Iterable<JournalEntry>,
): Promise<void> {
  const text = [...entries].map(encodeLine).join("");
  await file.appendFile(text);
  await file.datasync();
  state.bytes += Buffer.byteLength(text);
}

/** Puts a file with what is held in the place of the old one, whole or not at all. */
async function rewrite(state: State): Promise<void> {
  const draft = `${state.path}.new`;
  const file = await open(draft, "w", 0o600);
  try {
    state.bytes = 0;
    await write(state, file, [...state.held.values()].flat());
    await rename(draft, state.path);
  } catch (error) {
    await file.close().catch(() => {});
    throw error;
  }
  await state.file?.close().catch(() => {});
  state.file = file;
  state.rotateAt = Math.max(ROTATE_BYTES, state.bytes * 2);
}
