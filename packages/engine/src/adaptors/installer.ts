import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { installVersion, isInstalled, type RepoOptions } from "./install-version.ts";
import { runNpm } from "./npm.ts";
import { installedVersions } from "./package-root.ts";

/** How long the answer of the registry to `latest` and `next` is good. */
const tagLifeMs = 10 * 60_000;

type Found = { readonly version: string } | { readonly problem: string };

/** Brings adaptors into the repo dir. */
export interface Installer {
  /** The exact version of a tag. Offline, the newest one installed. */
  resolveTag(name: string, tag: "latest" | "next"): Promise<Found>;
  /** Installs a version unless it is there. Gives why it could not. */
  ensure(name: string, version: string): Promise<string | undefined>;
}

/**
 * One install at a time for each package: who wants the same version waits for it, who wants
 * another comes after it, and those of other packages are not held up.
 */
export function createInstaller(options: RepoOptions, now: () => number = Date.now): Installer {
  const installs = new Map<string, Promise<string | undefined>>();
  const lastOf = new Map<string, Promise<unknown>>();
  const tags = new Map<string, { readonly found: Promise<Found>; readonly asked: number }>();
  const resolveTag = (name: string, tag: "latest" | "next"): Promise<Found> => {
    const key = `${name}@${tag}`;
    const known = tags.get(key);
    if (known !== undefined && now() - known.asked < tagLifeMs) return known.found;
    const asked = askRegistry(key, name, options);
    // A run that comes while the registry is asked again goes on with the old answer.
    const found = known === undefined ? asked : known.found;
    tags.set(key, { found, asked: now() });
    void asked.then((answer) => {
      if ("problem" in answer && known === undefined) tags.delete(key);
      else if ("version" in answer) tags.set(key, { found: asked, asked: now() });
    });
    return found;
  };
  return {
    resolveTag,
    async ensure(name, version) {
      if (isInstalled(options.repoDir, name, version)) return undefined;
      const key = `${name}@${version}`;
      const running = installs.get(key);
      if (running !== undefined) return running;
      const before = lastOf.get(name);
      const install: Promise<string | undefined> = (async () => {
        await before;
        return installVersion(name, version, options);
      })().finally(() => {
        installs.delete(key);
        if (lastOf.get(name) === install) lastOf.delete(name);
      });
      installs.set(key, install);
      lastOf.set(name, install);
      return install;
    },
  };
}

async function askRegistry(key: string, name: string, options: RepoOptions): Promise<Found> {
  const { repoDir, ...npm } = options;
  const cwd = existsSync(repoDir) ? repoDir : dirname(repoDir);
  const answer = await runNpm(["view", key, "version"], { cwd, ...npm });
  const version = answer.ok ? answer.stdout.trim().split("\n").at(-1) : undefined;
  if (version !== undefined && /^\d+\.\d+\.\d+[\w.+-]*$/.test(version)) return { version };
  const newest = installedVersions(name, repoDir).at(-1);
  if (newest !== undefined) return { version: newest };
  return { problem: answer.ok ? `the registry knows no ${key}` : answer.problem };
}
