#!/usr/bin/env node
// The main bundle knows the commands by name; what a command needs is loaded when it is asked for.
"use strict";
// From Node 22 on compiled code is kept between runs; the floor does not know it.
require("node:module").enableCompileCache?.();
const { join } = require("node:path");
const folder = join(__dirname, "..", "dist", "bundle");
const { bundleScript, main, nodeIo, runBundle } = require(join(folder, "workloops.cjs"));

// A clone keeps what its own V8 made of a bundle. Where that is absent or of another V8, the text is compiled.
function compiled(bundle) {
  const { readFileSync } = require("node:fs");
  const file = join(folder, bundle);
  let cachedData;
  try {
    cachedData = readFileSync(join(folder, "..", "code-cache", bundle));
  } catch {
    return require(file);
  }
  return runBundle(bundleScript(file, cachedData), file);
}

const load = (bundle) =>
  bundle.endsWith(".mjs")
    ? import(require("node:url").pathToFileURL(join(folder, bundle)).href)
    : compiled(bundle);

main(process.argv.slice(2), nodeIo(), load).then((code) => {
  if (code !== undefined) process.exitCode = code;
});
