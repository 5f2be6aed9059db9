import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const prefix = "workloops-engine-";

/** A private folder for each child, below one folder of this engine. */
export interface RunFolders {
  /** Makes a folder; with `uid` it belongs to that user alone. */
  create(uid: number | undefined): string;
  remove(folder: string): Promise<void>;
  removeAll(): void;
}

export function runFolders(): RunFolders {
  const base = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  // Others pass through to their own folder, and see no names.
  chmodSync(base, 0o711);
  let count = 0;
  return {
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

/** Removes what engines left behind that were killed; theirs is a process that is gone. */
export function removeStaleFolders(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || existsSync(`/proc/${pid}`) || isAlive(Number(pid))) continue;
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}
