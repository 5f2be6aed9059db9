// `npm test`: types, lint, dead code, unit, docs and tidy, from a clean clone and with nothing to do first.
import { build } from "./build.mjs";
import { install, run, stage } from "./setup.mjs";

install();
await build();
stage("types of tests and benches");
run("node_modules/.bin/tsc", ["-b"]);
stage("lint");
run("node_modules/.bin/biome", ["check", ".", "--error-on-warnings"]);
stage("code that nothing uses");
run("node_modules/.bin/knip", ["--no-progress"]);
stage("unit, docs, tidy");
run("node_modules/.bin/vitest", ["run", ...process.argv.slice(2)]);
console.log("\nEverything holds: types, lint, unit tests, documents, tidiness.");
