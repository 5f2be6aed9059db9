import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Files of one version of an adaptor. */
export interface AdaptorFiles {
  readonly name: string;
  readonly version: string;
  readonly files: Readonly<Record<string, string>>;
  readonly manifest?: Readonly<Record<string, unknown>>;
}

/** Writes adaptors into a repo dir in the layout of the installer, ES modules where nothing else is said. */
export function writeRepo(repoDir: string, adaptors: readonly AdaptorFiles[]): void {
  const dependencies: Record<string, string> = {};
  for (const { name, version, files, manifest } of adaptors) {
    const root = join(repoDir, "node_modules", `${name}_${version}`);
    dependencies[`${name}_${version}`] = `npm:${name}@${version}`;
    const own = { name, version, type: "module", exports: "./index.js", types: "index.d.ts" };
    writePackage(root, { "package.json": JSON.stringify({ ...own, ...manifest }), ...files });
  }
  writeFileSync(join(repoDir, "package.json"), JSON.stringify({ dependencies }));
}

export function writePackage(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
