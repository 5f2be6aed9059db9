#!/usr/bin/env node
import { main } from "../dist/bundle/worker.mjs";

const code = await main(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  env: process.env,
  isTerminal: process.stdout.isTTY === true,
});
// What a library left open must not keep a worker that is done.
process.exit(code);
