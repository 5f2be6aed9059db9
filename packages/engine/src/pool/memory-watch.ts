import { readFileSync } from "node:fs";

const pageBytes = 4096;
const periodMs = 100;
/** Code, stacks and young objects of Node itself, which the heap limit does not count. */
export const overheadMb = 128;

/** A process that may use so much memory. */
export interface Watched {
  readonly pid: number;
  readonly memoryLimitMb: number;
  /** Called once, when it uses more. */
  onExceeded(usedMb: number): void;
}

/**
 * Looks at the memory of running children: Buffers lie outside of the JavaScript heap, so that
 * the heap's limit does not see them. What counts is anonymous memory; pages of files, which all
 * children share, do not. Does nothing where there is no /proc.
 */
export function memoryWatch(): { add(watched: Watched): () => void } {
  // By what each had promised itself when its run began: Node 24 maps half a gibibyte ahead.
  const all = new Map<Watched, number>();
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    for (const [watched, promisedAtStart] of all) {
      const memory = readMemory(watched.pid);
      if (memory === undefined) continue;
      const { residentMb } = memory;
      const promisedMb = memory.promisedMb - promisedAtStart;
      const limitMb = watched.memoryLimitMb + overheadMb;
      if (residentMb <= limitMb && promisedMb <= limitMb) continue;
      all.delete(watched);
      watched.onExceeded(Math.max(residentMb, promisedMb));
    }
  };
  return {
    add(watched) {
      all.set(watched, readMemory(watched.pid)?.promisedMb ?? 0);
      timer ??= setInterval(look, periodMs);
      return () => {
        all.delete(watched);
        if (all.size > 0 || timer === undefined) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}

/** What a process uses of its own; files that it maps are left out. */
interface ProcessMemory {
  readonly residentMb: number;
  /** What it may write to, touched or not. */
  readonly promisedMb: number;
}

/** `undefined` where it cannot be told: the process is gone, or there is no /proc. */
function readMemory(pid: number): ProcessMemory | undefined {
  try {
    const pages = readFileSync(`/proc/${pid}/statm`, "utf8").split(" ").map(Number);
    const [, resident = 0, shared = 0, , , data = 0] = pages;
    const mb = (count: number): number => (count * pageBytes) / (1024 * 1024);
    return { residentMb: mb(resident - shared), promisedMb: mb(data) };
  } catch {
    return undefined;
  }
}
