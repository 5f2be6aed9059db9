import { type Configuration, processDefaults, totalCapacity } from "@workloops/parser";
import { parseOnce } from "../parse-once.ts";
import { type Process, winner } from "../process.ts";

const mebibyte = 1024 * 1024;

/** Runs at once, over all groups; undefined where a group is broken or there is none. */
function slotsOf(tree: Configuration): number | undefined {
  if (tree.groups.length === 0 || tree.groups.some((group) => group.broken)) return undefined;
  return totalCapacity(tree);
}

/** The same for a text, which may have errors. */
export function slotsIn(text: string): number | undefined {
  const { tree, diagnostics } = parseOnce(text);
  return diagnostics.some(({ severity }) => severity === "error") ? undefined : slotsOf(tree);
}

/** Bytes that one run of this process may take: what it is told, else what the settings say, else the default. */
export function runMemoryOf(process: Process, runMemory: number | undefined): number {
  const told = Number(winner(process, "run-memory")?.value?.text);
  if (Number.isInteger(told) && told > 0) return told * mebibyte;
  return runMemory ?? processDefaults.runMemory;
}

/** Bytes as people read them, in binary units as the worker counts them: `2.8 GiB`. */
export function bytesText(bytes: number): string {
  const mebibytes = bytes / mebibyte;
  if (mebibytes < 1024) return `${Math.round(mebibytes)} MiB`;
  return `${(mebibytes / 1024).toFixed(1).replace(/\.0$/, "")} GiB`;
}
