import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** Files of one version of an adaptor. */
export interface AdaptorFiles {
  readonly name: string;
  readonly version: string;
  readonly files: Readonly<Record<string, string>>;
  readonly manifest?: Readonly<Record<string, unknown>>;
}

/** A repo dir in the layout of the installer, with these adaptors in it; removed after the file's tests. */
export function repoWith(adaptors: readonly AdaptorFiles[]): string {
  const repoDir = mkdtempSync(join(tmpdir(), "workloops-test-repo-"));
  afterAll(() => rmSync(repoDir, { recursive: true, force: true }));
  const dependencies: Record<string, string> = {};
  for (const { name, version, files, manifest } of adaptors) {
    const root = join(repoDir, "node_modules", `${name}_${version}`);
    dependencies[`${name}_${version}`] = `npm:${name}@${version}`;
    const own = { name, version, type: "module", exports: "./index.js", types: "index.d.ts" };
    writePackage(root, { "package.json": JSON.stringify({ ...own, ...manifest }), ...files });
  }
  writeFileSync(join(repoDir, "package.json"), JSON.stringify({ dependencies }));
  return repoDir;
}

export function writePackage(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
