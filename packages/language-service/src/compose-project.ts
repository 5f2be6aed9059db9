import { readEnvFile } from "./hosts/dotenv.ts";
import { baseName } from "./hosts/host.ts";
import type { Given, Process } from "./process.ts";
import { fileOrigin, type Value } from "./region.ts";
import type { Workspace } from "./workspace.ts";

/** The `.env` beside a compose file, which compose itself reads: what it puts in for `${NAME}`. */
export async function projectEnvironment(
  uri: string,
  workspace: Workspace,
): Promise<ReadonlyMap<string, Value>> {
  const path = workspace.resolve(uri, ".env");
  const text = await workspace.read(path);
  const found = new Map<string, Value>();
  if (text === undefined) return found;
  for (const { name, value } of readEnvFile(fileOrigin(path, text), "compose").given) {
    if (value !== undefined) found.set(name, value);
  }
  return found;
}

/** The files that COMPOSE_FILE names before this one, first of all first. */
export function filesBefore(uri: string, environment: ReadonlyMap<string, Value>): string[] {
  const separator = environment.get("COMPOSE_PATH_SEPARATOR")?.text ?? ":";
  const files = environment.get("COMPOSE_FILE")?.text.split(separator) ?? [];
  const own = files.findIndex((file) => baseName(file) === baseName(uri));
  return own < 0 ? [] : files.slice(0, own);
}

/** A process with the values that `.env` brings in for its references. */
export function withEnvironment(
  process: Process,
  environment: ReadonlyMap<string, Value>,
): Process {
  if (environment.size === 0) return process;
  const given = process.given.map((one): Given => {
    const value = environment.get(one.value?.variable ?? "");
    return value === undefined ? one : { ...one, value };
  });
  return { ...process, given };
}
