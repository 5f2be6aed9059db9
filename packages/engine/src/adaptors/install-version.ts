import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { runNpm } from "./npm.ts";
import { installedVersions } from "./package-root.ts";
import { listInstalled } from "./repo-manifest.ts";
import { aliasOf } from "./specifier.ts";

export interface RepoOptions {
  readonly repoDir: string;
  readonly registry: string | undefined;
  readonly timeoutMs: number;
  /** Ends what is being installed. */
  readonly signal?: AbortSignal;
}

/** True where a version is listed and its files are there. */
export function isInstalled(repoDir: string, name: string, version: string): boolean {
  const manifest = join(repoDir, "node_modules", aliasOf(name, version), "package.json");
  return existsSync(manifest) && installedVersions(name, repoDir).includes(version);
}

/**
 * Installs one version, or says why it could not. npm works in a folder of its own, with the
 * package's dependencies below the package, and the result is moved into place in one step: an
 * install that fails or is cut off leaves nothing behind, and two at once do not meet.
 */
export async function installVersion(
  name: string,
  version: string,
  { repoDir, ...npm }: RepoOptions,
): Promise<string | undefined> {
  const alias = aliasOf(name, version);
  let staging: string | undefined;
  try {
    await mkdir(repoDir, { recursive: true });
    staging = await mkdtemp(join(repoDir, ".workloops-install-"));
    // Makes the folder npm's own; `--prefix` would take the machine's npmrc away from it.
    await writeFile(join(staging, "package.json"), "{}\n");
    const result = await runNpm(
      [
        "install",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--no-package-lock",
        "--no-bin-links",
        "--install-strategy=shallow",
        `${alias}@npm:${name}@${version}`,
      ],
      { cwd: staging, ...npm },
    );
    if (!result.ok) return result.problem;
    const target = join(repoDir, "node_modules", alias);
    await mkdir(dirname(target), { recursive: true });
    if (!isInstalled(repoDir, name, version)) {
      await rm(target, { recursive: true, force: true });
      await rename(join(staging, "node_modules", alias), target);
      try {
        await listInstalled(repoDir, name, version);
      } catch (error) {
        await rm(target, { recursive: true, force: true });
        throw error;
      }
    }
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    if (staging !== undefined)
      await rm(staging, { recursive: true, force: true }).catch(() => undefined);
  }
}
