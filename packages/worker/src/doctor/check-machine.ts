import { accessSync, constants, existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Configured } from "../options/configuration.ts";
import type { WorkerConfig } from "../options/worker-config.ts";
import { bad, type Check, good, warning } from "./check.ts";

/** What this machine gives the worker: lanes and memory, folders, adaptors. */
export function checkMachine(config: WorkerConfig, configured: Configured): readonly Check[] {
  return [
    ...checkLanes(configured),
    checkFolder("repo dir", config.repoDir),
    ...(config.journal ? [checkFolder("state dir", config.stateDir)] : []),
    checkAdaptors(config.repoDir),
  ];
}

function checkLanes(configured: Configured): readonly Check[] {
  if (!configured.ok) return configured.errors.map((error) => bad("lanes", error));
  const { plan, memory, warnings } = configured;
  const lanes = plan.groups.map(({ chain, capacity }) => `${chain}:${capacity}`).join(" ");
  return [
    good("lanes", `${lanes}, ${plan.capacity} runs at once`),
    ...warnings.map((text) => warning("lanes", text)),
    memory === undefined ? good("memory", "enough for full lanes") : warning("memory", memory),
  ];
}

/** A folder that is not there yet is made by the worker, so the nearest one above it counts. */
function checkFolder(name: string, path: string): Check {
  let nearest = path;
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  if (!statSync(nearest).isDirectory()) return bad(name, `${path}: ${nearest} is no folder`);
  try {
    accessSync(nearest, constants.W_OK);
    return good(name, nearest === path ? path : `${path} can be made`);
  } catch {
    return bad(name, `${path}: ${nearest} cannot be written by this user`);
  }
}

/** More names than this are counted, not listed. */
const MAX_NAMED = 10;

function checkAdaptors(repoDir: string): Check {
  const folder = join(repoDir, "node_modules", "@openfn");
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  if (names.length === 0) {
    return warning("adaptors", "none is installed yet: the first run of each waits for npm");
  }
  const listed = names.slice(0, MAX_NAMED).join(", ");
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : "";
  return good("adaptors", `${listed}${more}`);
}
