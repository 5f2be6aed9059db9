import { realpathSync } from "node:fs";
import { adaptorPlaces } from "./adaptors/adaptor-places.ts";
import { createInstaller } from "./adaptors/installer.ts";
import { createPacks } from "./adaptors/packs.ts";
import { readSpecifier } from "./adaptors/specifier.ts";
import { findChild } from "./pool/find-child.ts";
import { packInChild } from "./pool/pack-in-child.ts";
import { createSpawner } from "./pool/spawner.ts";

const timeoutMs = 300_000;

/** What became of one adaptor that was to be installed. */
export type InstallResult =
  | { readonly adaptor: string; readonly version: string }
  | { readonly adaptor: string; readonly problem: string };

/**
 * Installs adaptors (`@openfn/language-http@7.2.10`; a tag or no version means the registry's)
 * into a repo dir, for images and for sites without a registry, and packs them. Those that are
 * there are left. Rejects where the child program is missing.
 */
export async function installAdaptors(
  adaptors: readonly string[],
  options: { readonly repoDir: string; readonly registry?: string },
): Promise<InstallResult[]> {
  const { repoDir, registry } = options;
  const installer = createInstaller({ repoDir, registry, timeoutMs });
  const results = await Promise.all(
    adaptors.map(async (adaptor): Promise<InstallResult> => {
      const specifier = readSpecifier(adaptor);
      if (specifier === undefined || specifier.version === "local") {
        const problem =
          "is no adaptor: write a package of @openfn and a version, like @openfn/language-http@7.2.10";
        return { adaptor, problem };
      }
      const { name, version = "latest" } = specifier;
      const found =
        version === "latest" || version === "next"
          ? await installer.resolveTag(name, version)
          : { version };
      if ("problem" in found) return { adaptor, problem: found.problem };
      const problem = await installer.ensure(name, found.version);
      return problem === undefined ? { adaptor, version: found.version } : { adaptor, problem };
    }),
  );
  const installed = results.flatMap((result) =>
    "version" in result ? [`${readSpecifier(result.adaptor)?.name ?? ""}@${result.version}`] : [],
  );
  if (installed.length > 0) await packAll(installed, repoDir);
  return results;
}

/** What cannot be packed is loaded file by file, and is installed all the same. */
async function packAll(adaptors: readonly string[], repoDir: string): Promise<void> {
  const places = adaptorPlaces({ repoDir });
  const spawner = createSpawner(realpathSync(findChild()), places);
  const packs = createPacks(places, packInChild(spawner, places));
  await Promise.all(adaptors.map(packs.make));
  await spawner.close();
}
