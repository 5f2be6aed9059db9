import { readFileSync } from "node:fs";

/** The kernel tells a process's time in hundredths of a second, whatever its own clock is. */
const msPerTick = 10;

/** Processor time of all threads of a process so far; `undefined` where it cannot be told. */
export function cpuTimeMs(pid: number): number | undefined {
  try {
    // Behind the name, which may hold anything but a last parenthesis: user and system time.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) * msPerTick;
  } catch {
    return undefined;
  }
}
