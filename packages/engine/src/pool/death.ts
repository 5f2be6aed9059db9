import type { RunError } from "../engine.ts";
import type { LimitHit } from "./memory-groups.ts";

/** How a child process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  /** The end of what it wrote to standard error. */
  readonly stderr: string;
  /** The limit of which control group it was where the kernel ended it for want of memory. */
  readonly killedAt: LimitHit | undefined;
}

/** Why a run ended whose child is gone without a last word. */
export function causeOfDeath(exit: Exit, memoryLimitMb: number): RunError {
  if (/heap out of memory|Allocation failed|OOM error/i.test(exit.stderr))
    return outOfMemory(memoryLimitMb, "its JavaScript heap was full");
  if (exit.killedAt === "own")
    return outOfMemory(memoryLimitMb, "the kernel ended its process at the limit of its group");
  const crash = (message: string): RunError => ({ reason: "crash", type: "ExitError", message });
  // The run may have taken no more than it may: others share the memory of the worker or machine.
  if (exit.killedAt === "outer") {
    return crash(
      "The run's process was ended by the kernel for want of memory: not at the run's own limit, but at that of the worker's control group, of one around it, or of the machine.",
    );
  }
  if (exit.signal === "SIGKILL") {
    return crash(
      "The run's process was ended by SIGKILL from outside. The kernel does that where memory runs out: look for `oom` in its log.",
    );
  }
  if (exit.signal !== null)
    return crash(`The run's process was ended by ${exit.signal} from outside.`);
  if (exit.code === null) return crash(`The run's process ${exit.stderr}.`);
  return crash(`The run's process ended by itself with exit code ${exit.code}.`);
}

/** Why a run is ended that takes more memory than it may. */
export function outOfMemory(memoryLimitMb: number, detail: string): RunError {
  return {
    reason: "kill",
    type: "OOMError",
    message: `The run used more than its ${memoryLimitMb} MB of memory: ${detail}.`,
  };
}
