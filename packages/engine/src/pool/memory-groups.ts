import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { mkdir, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const mount = "/sys/fs/cgroup";
const bytesPerMb = 1024 * 1024;

/** Whose limit it was where the kernel ends a process for want of memory: ours, or one around it. */
export type LimitHit = "own" | "outer";

/** The kernel's own limit on the memory of a child, where it lets us set one. */
export interface MemoryGroup {
  /** Where the kernel ended the process for want of memory. */
  killedAt(): LimitHit | undefined;
  remove(): Promise<void>;
}

/** Puts a process into a group of its own; `undefined` where it is gone meanwhile. */
export type CreateGroup = (pid: number, limitMb: number) => Promise<MemoryGroup | undefined>;

/** The names of one version of control groups. */
interface Version {
  readonly folder: string;
  readonly limit: string;
  /** Counts what could not have more at this limit. */
  readonly refused: Count;
  /** Counts the processes here that the kernel ended, at this limit or at one around it. */
  readonly killed: Count;
}

/** A number, or a line of the file with this word before it. */
type Count = readonly [file: string, word?: string];

/**
 * Makes a group for each child, or `undefined` where this process may not. The limit is the
 * backstop of `memoryWatch`, which looks only now and then.
 */
export function memoryGroups(): CreateGroup | undefined {
  const version = firstVersion() ?? secondVersion();
  if (version === undefined) return undefined;
  let made = 0;
  const create: CreateGroup = async (pid, limitMb) => {
    made += 1;
    const folder = join(version.folder, `workloops-${process.pid}-${made}`);
    // A group goes when its last process is gone; one that stays is empty and costs nothing.
    const remove = (): Promise<void> => rmdir(folder).catch(() => undefined);
    try {
      // The kernel takes milliseconds for each of these, which must not hold up other runs.
      await mkdir(folder);
      await writeFile(join(folder, version.limit), String(Math.floor(limitMb * bytesPerMb)));
      await writeFile(join(folder, "cgroup.procs"), String(pid));
    } catch {
      await remove();
      return undefined;
    }
    return { killedAt: () => killedAt(folder, version), remove };
  };
  return canCreate(version) ? create : undefined;
}

/** Kernels before 4.13 count no kills: there, our own limit is all that can be told. */
function killedAt(folder: string, { refused, killed }: Version): LimitHit | undefined {
  const atOurs = (countOf(folder, refused) ?? 0) > 0;
  if ((countOf(folder, killed) ?? Number(atOurs)) === 0) return undefined;
  return atOurs ? "own" : "outer";
}

function canCreate({ folder, limit }: Version): boolean {
  const probe = join(folder, `workloops-${process.pid}-probe`);
  const usable = attempt(() => {
    mkdirSync(probe);
    writeFileSync(join(probe, limit), String(bytesPerMb * 1024));
  });
  attempt(() => rmdirSync(probe));
  return usable;
}

function firstVersion(): Version | undefined {
  const own = ownPath(/^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(.*)$/m);
  if (own === undefined) return undefined;
  // Inside a container the path is the host's, and the mount shows this group as its root.
  const folder = [join(mount, "memory", own), join(mount, "memory")].find(existsSync);
  if (folder === undefined) return undefined;
  return {
    ...{ folder, limit: "memory.limit_in_bytes" },
    refused: ["memory.failcnt"],
    killed: ["memory.oom_control", "oom_kill"],
  };
}

function secondVersion(): Version | undefined {
  const own = ownPath(/^0::(.*)$/m);
  const folder = own === undefined ? undefined : [join(mount, own), mount].find(existsSync);
  if (folder === undefined) return undefined;
  const enabled = read(join(folder, "cgroup.subtree_control"));
  if (!/\bmemory\b/.test(enabled)) return undefined;
  return {
    ...{ folder, limit: "memory.max" },
    refused: ["memory.events", "oom"],
    killed: ["memory.events", "oom_kill"],
  };
}

function ownPath(line: RegExp): string | undefined {
  return line.exec(read("/proc/self/cgroup"))?.[1];
}

function countOf(folder: string, [file, word]: Count): number | undefined {
  const text = read(join(folder, file));
  const found = word === undefined ? text : new RegExp(`^${word} (\\d+)`, "m").exec(text)?.[1];
  return found === undefined || found === "" ? undefined : Number(found);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function attempt(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}
