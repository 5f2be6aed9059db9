import { isDeployed, isWhole, isWorker, type Process, winner } from "../process.ts";
import type { WorkerOption } from "../worker-options.ts";

/** A folder that goes with the container; null where it is the default, whose path no file names. */
export interface LostFolder {
  readonly folder: string | null;
}

/** The folder of an option, where a deployed worker has it on no volume; undefined where one holds it or nobody can know. */
export function lostFolder(process: Process, option: WorkerOption): LostFolder | undefined {
  const { kept } = process;
  if (kept === undefined || !isWorker(process) || !isDeployed(process)) return undefined;
  if (!isWhole(process)) return undefined;
  const value = winner(process, option)?.value;
  if (value?.certainty === "opaque") return undefined;
  const folder = value?.text.replace(/\/$/, "") ?? null;
  // The default lies below a home that the file does not name: any volume may hold it.
  const isHeld = kept.some((path) => folder === null || isBelow(folder, path));
  return isHeld ? undefined : { folder };
}

function isBelow(folder: string, path: string): boolean {
  return folder === path || folder.startsWith(`${path.replace(/\/$/, "")}/`);
}
