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
 * the heap's limit does not see them. What counts is anonymous memory; pages of files that all
 * children share do not. Does nothing where there is no /proc.
 */
export function memoryWatch(): { add(watched: Watched): () => void } {
  const all = new Set<Watched>();
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    for (const watched of all) {
      const usedMb = anonymousMb(watched.pid);
      if (usedMb === undefined || usedMb <= watched.memoryLimitMb + overheadMb) continue;
      all.delete(watched);
      watched.onExceeded(usedMb);
    }
  };
  return {
    add(watched) {
      all.add(watched);
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

/** Resident anonymous memory; `undefined` where it cannot be told. */
export function anonymousMb(pid: number): number | undefined {
  try {
    const [, resident, shared] = readFileSync(`/proc/${pid}/statm`, "utf8").split(" ").map(Number);
    if (resident === undefined || shared === undefined) return undefined;
    return ((resident - shared) * pageBytes) / (1024 * 1024);
  } catch {
    return undefined;
  }
}
