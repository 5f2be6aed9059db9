import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { constants, setPriority } from "node:os";

/**
 * A tenth of the weight of a thread that did not yield. No less: a run that computes for long is
 * no hostile one, and must come to its end beside others that start all the time.
 */
const threadNiceness = constants.priority.PRIORITY_BELOW_NORMAL;
/**
 * A third of the weight of a session that did not yield: a session stands against all that this
 * machine does, of which the runs may be the least.
 */
const sessionNiceness = 5;

/**
 * Lets every other process have the processor first, for good. False where it is to be tried
 * again. A priority is a thread's: V8 collects garbage and compiles in threads of its own, and a
 * heap that fills keeps them all busy.
 */
export function lowerPriority(pid: number): boolean {
  for (const thread of threadsOf(pid)) {
    try {
      setPriority(thread, threadNiceness);
    } catch {
      // It is gone meanwhile, or this process may not.
    }
  }
  return lowerSession(pid);
}

function threadsOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [pid];
  }
}

/**
 * Where the kernel groups processes by session, and each child leads one, priorities count inside
 * of a session only: a busy child has as much of the processor as the whole worker. Then it is the
 * session that has to be lowered.
 */
function lowerSession(pid: number): boolean {
  try {
    const file = `/proc/${pid}/autogroup`;
    const own = sessionOf("/proc/self/autogroup");
    if (sessionOf(file) !== own) writeFileSync(file, String(sessionNiceness));
    return true;
  } catch (error) {
    // Without privileges the kernel lets this be done ten times a second, on the whole machine.
    return (error as { code?: string }).code !== "EAGAIN";
  }
}

function sessionOf(file: string): string | undefined {
  return readFileSync(file, "utf8").split(" ")[0];
}

/** The capability to change what belongs to other users, as the kernel counts them. */
const sysNice = 23n;

/** False where the kernel keeps this process, by its status, from lowering those of other users. */
export function mayLowerOthers(status: string): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1];
  return effective === undefined || ((BigInt(`0x${effective}`) >> sysNice) & 1n) === 1n;
}
