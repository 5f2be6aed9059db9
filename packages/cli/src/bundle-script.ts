import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { Script } from "node:vm";

/**
 * A CommonJS bundle as a script of V8. What V8 made of one is good only for the same text: who
 * keeps it (`scripts/code-cache.mjs`) and who uses it (`bin/workloops.cjs`) wrap it here.
 */
export function bundleScript(file: string, cachedData?: Buffer): Script {
  const head = "(function (exports, require, module, __filename, __dirname) {";
  return new Script(`${head}${readFileSync(file, "utf8")}\n})`, {
    filename: file,
    ...(cachedData && { cachedData }),
  });
}

/** Runs such a script as `require` would, and gives what the bundle exports. */
export function runBundle(script: Script, file: string): unknown {
  const loaded: { exports: unknown } = { exports: {} };
  script.runInThisContext()(loaded.exports, createRequire(file), loaded, file, dirname(file));
  return loaded.exports;
}
