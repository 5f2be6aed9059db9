import { mkdir, readFile, rename, rmdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { aliasOf } from "./specifier.ts";

const lockPollMs = 20;
const lockStaleMs = 10_000;

/**
 * Lists a version as installed in the repo dir's package.json, as OpenFn's tools do. Another
 * worker may share the folder: the file is changed under a lock, and replaced whole.
 */
export async function listInstalled(repoDir: string, name: string, version: string): Promise<void> {
  await mkdir(repoDir, { recursive: true });
  const lock = join(repoDir, ".workloops-lock");
  await takeLock(lock);
  try {
    const path = join(repoDir, "package.json");
    const manifest = await readManifest(path);
    const dependencies = {
      ...(manifest["dependencies"] as object | undefined),
      [aliasOf(name, version)]: `npm:${name}@${version}`,
    };
    const next = `${path}.${process.pid}`;
    await writeFile(next, `${JSON.stringify({ ...manifest, dependencies }, null, 2)}\n`);
    await rename(next, path);
  } finally {
    await rmdir(lock).catch(() => undefined);
  }
}

async function readManifest(path: string): Promise<Record<string, unknown>> {
  const fresh = { name: "openfn-repo", private: true, version: "1.0.0" };
  try {
    return JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return fresh;
    throw error;
  }
}

/** A folder as a lock: making one either works or does not. One that its maker left is taken over. */
async function takeLock(lock: string): Promise<void> {
  for (;;) {
    try {
      await mkdir(lock);
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== "EEXIST") throw error;
    }
    const made = await stat(lock).catch(() => undefined);
    if (made !== undefined && Date.now() - made.mtimeMs > lockStaleMs)
      await rmdir(lock).catch(() => undefined);
    else await delay(lockPollMs);
  }
}
