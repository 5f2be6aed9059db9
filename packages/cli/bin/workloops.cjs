#!/usr/bin/env node
// The main bundle knows the commands by name; what a command needs is loaded when it is asked for.
"use strict";
// From Node 22 on compiled code is kept between runs; the floor does not know it.
require("node:module").enableCompileCache?.();
const { join } = require("node:path");
const folder = join(__dirname, "..", "dist", "bundle");
const { main, nodeIo } = require(join(folder, "workloops.cjs"));

const load = (bundle) =>
  bundle.endsWith(".mjs")
    ? import(require("node:url").pathToFileURL(join(folder, bundle)).href)
    : require(join(folder, bundle));

main(process.argv.slice(2), nodeIo(), load).then((code) => {
  if (code !== undefined) process.exitCode = code;
});
