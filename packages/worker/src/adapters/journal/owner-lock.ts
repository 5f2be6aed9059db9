import { randomUUID } from "node:crypto";
import {
  linkSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";

/** How often an owner shows that it lives, to workers that cannot see its process. */
export const SIGN_OF_LIFE_MS = 10_000;
/** An owner on another host, or in another container, that has been silent for so long is gone. */
const SILENT_MS = 35_000;

export interface OwnerLock {
  /** Whether another worker has called this one dead, and made its own what this one held. */
  isTaken(): boolean;
  release(): void;
}

/**
 * Takes a lock file, or `undefined` where its owner lives.
 * An owner on this host is asked for by process id and start time, so that one that was killed is
 * known at once and a new process of the same number is not mistaken for it.
 * @throws Error of the file system where the file cannot be written
 */
export function takeLock(path: string): OwnerLock | undefined {
  const mine = `${hostname()} ${process.pid} ${startOf(process.pid)}`;
  const draft = beside(path, "draft");
  writeFileSync(draft, mine, { mode: 0o600 });
  try {
    if (!link(draft, path)) {
      if (!removeStale(path) || !link(draft, path)) return undefined;
    }
  } finally {
    rmSync(draft, { force: true });
  }
  const folder = folderOf(path);
  const signs = setInterval(() => touch(path), SIGN_OF_LIFE_MS);
  signs.unref();
  return {
    isTaken: () => isTaken(path, mine, folder),
    release() {
      clearInterval(signs);
      if (read(path) === mine) rmSync(path, { force: true });
    },
  };
}

/** Whether there is an owner and it lives, as far as can be seen from here. */
export function isOwned(path: string): boolean {
  const owner = read(path);
  return owner !== undefined && isAlive(owner, path);
}

/** A name that is nobody else's: in two containers on one volume, both processes may be number 1. */
function beside(path: string, what: "draft" | "stale"): string {
  return `${path}.${what}-${randomUUID()}`;
}

/** Neither lives for longer than a few system calls. */
const LEFT_AFTER_MS = 60_000;

/** Removes what processes left that were killed while they took a lock in this folder. */
export function removeLeftDrafts(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!/\.lock\.(draft|stale)-[0-9a-f-]{36}$/.test(name)) continue;
    const path = join(folder, name);
    const made = statSync(path, { throwIfNoEntry: false })?.ctimeMs ?? Number.POSITIVE_INFINITY;
    if (Date.now() - made > LEFT_AFTER_MS) rmSync(path, { force: true });
  }
}

/** A link is made only where there is none, and its content is there from the first moment. */
function link(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** Moves a dead owner's lock away. What was moved is looked at again: another may have been quicker. */
function removeStale(path: string): boolean {
  const owner = read(path);
  if (owner !== undefined && isAlive(owner, path)) return false;
  const aside = beside(path, "stale");
  try {
    renameSync(path, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return true;
    throw error;
  }
  const moved = read(aside);
  if (moved !== owner) link(aside, path);
  rmSync(aside, { force: true });
  return moved === owner;
}

function isAlive(owner: string, path: string): boolean {
  const [host, pid = "", start] = owner.split(" ");
  if (host === hostname()) return startOf(Number(pid)) === start;
  const shown = statSync(path, { throwIfNoEntry: false });
  return shown !== undefined && Date.now() - shown.mtimeMs < SILENT_MS;
}

/** When a process was started, in the system's own count; empty where there is no such process. */
function startOf(pid: number): string {
  const stat = read(`/proc/${pid}/stat`);
  if (stat !== undefined) return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  return process.platform === "linux" || !exists(pid) ? "" : "alive";
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // The next sign of life may succeed; a lock that is gone is noticed by whoever takes it.
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Where the folder is another one by now, or cannot be read, nobody has taken it. */
function isTaken(path: string, mine: string, folder: number | undefined): boolean {
  try {
    return readFileSync(path, "utf8") !== mine;
  } catch (error) {
    return codeOf(error) === "ENOENT" && folder !== undefined && folder === folderOf(path);
  }
}

function folderOf(path: string): number | undefined {
  return statSync(dirname(path), { throwIfNoEntry: false })?.ino;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
