import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const mount = "/sys/fs/cgroup";
const bytesPerMb = 1024 * 1024;

/** The kernel's own limit on the memory of a child, where it lets us set one. */
export interface MemoryGroup {
  /** True where the kernel ended the process for its memory. */
  killed(): boolean;
  remove(): void;
}

/** The names of one version of control groups. */
interface Version {
  readonly folder: string;
  readonly limit: string;
  /** Counts what went over the limit: a number, or a line with this word before it. */
  readonly count: readonly [file: string, word?: string];
}

/**
 * Makes a group for each child, or `undefined` where this process may not. The limit is the
 * backstop of `memoryWatch`, which looks only now and then.
 */
export function memoryGroups(): ((pid: number, limitMb: number) => MemoryGroup) | undefined {
  const version = firstVersion() ?? secondVersion();
  if (version === undefined) return undefined;
  let made = 0;
  const create = (pid: number, limitMb: number): MemoryGroup => {
    made += 1;
    const folder = join(version.folder, `workloops-${process.pid}-${made}`);
    mkdirSync(folder);
    writeFileSync(join(folder, version.limit), String(Math.floor(limitMb * bytesPerMb)));
    writeFileSync(join(folder, "cgroup.procs"), String(pid));
    return {
      killed: () => countOf(folder, version.count) > 0,
      // A group goes when its last process is gone; one that stays is empty and costs nothing.
      remove: () => attempt(() => rmdirSync(folder)),
    };
  };
  return canCreate(version) ? create : undefined;
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
  return { folder, limit: "memory.limit_in_bytes", count: ["memory.failcnt"] };
}

function secondVersion(): Version | undefined {
  const own = ownPath(/^0::(.*)$/m);
  const folder = own === undefined ? undefined : [join(mount, own), mount].find(existsSync);
  if (folder === undefined) return undefined;
  const enabled = read(join(folder, "cgroup.subtree_control"));
  if (!/\bmemory\b/.test(enabled)) return undefined;
  return { folder, limit: "memory.max", count: ["memory.events", "oom_kill"] };
}

function ownPath(line: RegExp): string | undefined {
  return line.exec(read("/proc/self/cgroup"))?.[1];
}

function countOf(folder: string, [file, word]: Version["count"]): number {
  const text = read(join(folder, file));
  return (
    Number(word === undefined ? text : new RegExp(`^${word} (\\d+)`, "m").exec(text)?.[1]) || 0
  );
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
