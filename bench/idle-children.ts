import { readFileSync } from "node:fs";

const pollMs = 100;

/** Resolves when no child of this process has used the processor for a while: the spares are warm. */
export async function idleChildren(): Promise<void> {
  let before = -1;
  for (let quiet = 0; quiet < 3; ) {
    await new Promise((done) => setTimeout(done, pollMs));
    const now = ticks();
    quiet = now === before ? quiet + 1 : 0;
    before = now;
  }
}

/** Processor time of all children, in the kernel's ticks. */
function ticks(): number {
  const pids = readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").trim().split(" ");
  return pids.filter(Boolean).reduce((sum, pid) => sum + ticksOf(pid), pids.length);
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
