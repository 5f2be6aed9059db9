// `npm run build`: types and modules of every package into its dist/, then the bundles, then
// the drawings of the grammar.
import { bundle } from "./bundle.mjs";
import { install, isMain, run, stage } from "./setup.mjs";

export async function build() {
  stage("types");
  run("node_modules/.bin/tsc", ["-b", "tsconfig.packages.json"]);
  stage("bundles");
  await bundle();
  stage("drawings");
  // It needs a package, and this file is loaded before any is installed.
  const { drawGrammar } = await import("./draw-grammar.mjs");
  await drawGrammar();
}

if (isMain(import.meta.url)) {
  install();
  await build();
}
