// `node scripts/pack.mjs FOLDER [PACKAGE…]`: builds, and packs what is published into FOLDER:
// the command, which is bundles alone, and the two libraries, which have types too.
import { mkdirSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "./build.mjs";
import { bundle } from "./bundle.mjs";
import { install, isMain, run, stage } from "./setup.mjs";

const command = "packages/cli";
const published = [command, "packages/parser", "packages/language-service"];

/** Packs what is built. */
export function pack(folder, packages = published) {
  stage("pack");
  mkdirSync(folder, { recursive: true });
  const workspaces = packages.map((workspace) => `--workspace=${workspace}`);
  run("npm", ["pack", "--silent", `--pack-destination=${resolve(folder)}`, ...workspaces]);
}

/** Packs the command and unpacks it below a folder, as npm would; says where its program lies. */
export function unpackCommand(folder) {
  pack(folder, [command]);
  const tarball = readdirSync(folder).find((file) => file.endsWith(".tgz"));
  const unpacked = join(folder, "unpacked");
  mkdirSync(unpacked);
  run("tar", ["-xzf", join(folder, tarball), "-C", unpacked]);
  return join(unpacked, "package/bin/workloops.cjs");
}

if (isMain(import.meta.url)) {
  const [, , folder, ...packages] = process.argv;
  if (folder === undefined) {
    console.error("Name the folder that the packages go to: node scripts/pack.mjs FOLDER");
    process.exit(2);
  }
  install();
  if (packages.join() === command) await bundle(command);
  else await build();
  pack(folder, packages.length === 0 ? published : packages);
}
