// Packs the extension into dist/workloops.vsix. Needs no network: every dependency is in
// the bundles, so vsce has none to collect.

import { mkdirSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { createVSIX, listFiles, PackageManager } from "@vscode/vsce";
import { build } from "../../../scripts/build.mjs";
import { install } from "../../../scripts/setup.mjs";

const here = dirname(dirname(fileURLToPath(import.meta.url)));
const packagePath = join(here, "dist", "workloops.vsix");
// An extension over a slow line should still arrive in a second or two.
const maxPackageBytes = 500 * 1024;

install();
if (!process.argv.includes("--no-build")) await build();
mkdirSync(dirname(packagePath), { recursive: true });
await createVSIX({ cwd: here, packagePath, dependencies: false, allowMissingRepository: true });
const files = await listFiles({ cwd: here, packageManager: PackageManager.None });
console.log(files.map((file) => `  ${file}`).join("\n"));
const { size } = statSync(packagePath);
console.log(`${relative(process.cwd(), packagePath)}  ${Math.round(size / 1024)} KB`);
if (size > maxPackageBytes) {
  console.error(`The package is larger than ${maxPackageBytes / 1024} KB: look at the bundles.`);
  process.exit(1);
}
