import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const prefix = "workloops-engine-";

/** A private folder for each child, below one folder of this engine. */
export interface RunFolders {
  /** Makes a folder; with `uid` it belongs to that user alone. */
  create(uid: number | undefined): string;
  /** Keeps a file that children read before they become another user, and gives its path. */
  keep(bytes: Buffer): string;
  /** Where such files lie. */
  readonly kept: string;
  remove(folder: string): Promise<void>;
  removeAll(): void;
}

export function runFolders(): RunFolders {
  const base = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  // Others pass through to their own folder, and see no names.
  chmodSync(base, 0o711);
  const kept = join(base, "kept");
  mkdirSync(kept, { mode: 0o700 });
  let count = 0;
  return {
    kept,
    keep(bytes) {
      count += 1;
      const file = join(kept, String(count));
      writeFileSync(file, bytes, { mode: 0o600 });
      return file;
    },
    create(uid) {
      count += 1;
      const folder = join(base, String(count));
      mkdirSync(folder, { mode: 0o700 });
      if (uid !== undefined) chownSync(folder, uid, uid);
      return folder;
    },
    remove: (folder) => rm(folder, { recursive: true, force: true }),
    removeAll: () => rmSync(base, { recursive: true, force: true }),
  };
}

/**
 * Clears up after engines that were killed: a child ends by itself when its engine is gone,
 * unless its event loop is blocked, and its folder stays in any case.
 */
export function removeStaleFolders(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const base = join(tmpdir(), name);
    for (const orphan of processesIn(base)) attempt(() => process.kill(orphan, "SIGKILL"));
    attempt(() => rmSync(base, { recursive: true, force: true }));
  }
}

/** Processes whose working folder is below `base`, as far as this user may see them. */
function processesIn(base: string): number[] {
  const found: number[] = [];
  attempt(() => {
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      attempt(() => {
        if (readlinkSync(`/proc/${pid}/cwd`).startsWith(`${base}/`)) found.push(Number(pid));
      });
    }
  });
  return found;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}

/** What belongs to another user, or is gone meanwhile, is left. */
function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // Said above.
  }
}
