// `npm run build`: types and modules of every package into its dist/, then the bundles.
import { bundle } from "./bundle.mjs";
import { install, run, stage } from "./setup.mjs";

export async function build() {
  stage("types");
  run("node_modules/.bin/tsc", ["-b"]);
  stage("bundles");
  await bundle();
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  install();
  await build();
}
