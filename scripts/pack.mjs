// `node scripts/pack.mjs FOLDER`: builds, and packs what is published into FOLDER: the command
// as one package, and the two libraries.
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "./build.mjs";
import { install, isMain, run, stage } from "./setup.mjs";

const published = ["packages/cli", "packages/parser", "packages/language-service"];

/** Packs what is built. */
export function pack(folder) {
  stage("pack");
  mkdirSync(folder, { recursive: true });
  const workspaces = published.map((workspace) => `--workspace=${workspace}`);
  run("npm", ["pack", "--silent", `--pack-destination=${resolve(folder)}`, ...workspaces]);
}

if (isMain(import.meta.url)) {
  const [, , folder] = process.argv;
  if (folder === undefined) {
    console.error("Name the folder that the packages go to: node scripts/pack.mjs FOLDER");
    process.exit(2);
  }
  install();
  await build();
  pack(folder);
}
