import { readFileSync } from "node:fs";

const pollMs = 100;

/** Resolves when no child of a process has used the processor for a while: its spares are warm. */
export async function idleChildren(parent = process.pid): Promise<void> {
  let before = -1;
  for (let quiet = 0; quiet < 3; ) {
    await new Promise((done) => setTimeout(done, pollMs));
    const now = ticks(parent);
    quiet = now === before ? quiet + 1 : 0;
    before = now;
  }
}

/** Process ids, as text. */
export function childrenOf(parent: number): string[] {
  return readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8").split(" ").filter(Boolean);
}

/** Processor time of all children, in the kernel's ticks. */
function ticks(parent: number): number {
  const pids = childrenOf(parent);
  return pids.reduce((sum, pid) => sum + ticksOf(pid), pids.length);
}

function ticksOf(pid: string): number {
  try {
    // Behind the name, which may hold anything but a last parenthesis: user and system time.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return 0;
  }
}
