import { createInstaller } from "./adaptors/installer.ts";
import { readSpecifier } from "./adaptors/specifier.ts";

const timeoutMs = 300_000;

/** What became of one adaptor that was to be installed. */
export type InstallResult =
  | { readonly adaptor: string; readonly version: string }
  | { readonly adaptor: string; readonly problem: string };

/**
 * Installs adaptors (`@openfn/language-http@7.2.10`; a tag or no version means the registry's)
 * into a repo dir, for images and for sites without a registry. Those that are there are left.
 */
export async function installAdaptors(
  adaptors: readonly string[],
  options: { readonly repoDir: string; readonly registry?: string },
): Promise<InstallResult[]> {
  const { repoDir, registry } = options;
  const installer = createInstaller({ repoDir, registry, timeoutMs });
  return Promise.all(
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
}
