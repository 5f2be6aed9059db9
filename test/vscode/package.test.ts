import { existsSync, readFileSync, statSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { listFiles, PackageManager } from "@vscode/vsce";
import { describe, expect, test } from "vitest";

const extension = join(import.meta.dirname, "../../packages/vscode");

describe("the package", () => {
  test("holds these files and no stray one", async () => {
    const files = await listFiles({ cwd: extension, packageManager: PackageManager.None });
    expect(files.sort()).toEqual(
      [
        "CHANGELOG.md",
        "LICENSE",
        "README.md",
        "dist/bundle/extension.cjs",
        "dist/bundle/server.cjs",
        "images/icon.png",
        "language-configuration.json",
        "package.json",
        "snippets/workloops.json",
        "syntaxes/injection-assignment.tmLanguage.json",
        "syntaxes/injection-json.tmLanguage.json",
        "syntaxes/injection-shell.tmLanguage.json",
        "syntaxes/injection-yaml.tmLanguage.json",
        "syntaxes/workloops.tmLanguage.json",
        "walkthrough/explain.md",
        "walkthrough/fix.md",
        "walkthrough/sample.md",
      ].sort(),
    );
  });

  test("its two bundles ask the host for vscode, and Node for its own modules, and nothing else", () => {
    const known = new Set([
      "vscode",
      ...builtinModules,
      ...builtinModules.map((name) => `node:${name}`),
    ]);
    for (const name of ["extension", "server"]) {
      const path = join(extension, "dist", "bundle", `${name}.cjs`);
      expect(existsSync(path)).toBe(true);
      // A deflated package of these two stays under 500 KB, as packing itself checks.
      expect(statSync(path).size).toBeLessThan(1200 * 1024);
      const wanted = [...readFileSync(path, "utf8").matchAll(/\brequire\("([^"]+)"\)/g)];
      expect(
        wanted.map(([, module]) => module).filter((module) => !known.has(module ?? "")),
      ).toEqual([]);
    }
  });
});
