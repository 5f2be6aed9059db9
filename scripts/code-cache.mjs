// What V8 makes of a bundle, kept beside it, so that a start on this very V8 need not compile it
// again: Node does that by itself from version 22 on. `node scripts/code-cache.mjs BUNDLE CACHE
// ARGUMENT…` runs a command of the bundle first, since functions are compiled when they are called.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { isMain, root } from "./setup.mjs";

const sample =
  "services:\n  worker:\n    image: openfn/ws-worker:v1.25.0\n    environment:\n      WORKER_WORKLOOPS: fast_lane:1 manual>*4\n";

/** The bundles that are kept compiled, and what each runs before. */
const kept = [
  {
    bundle: "packages/cli/dist/bundle/lint.cjs",
    run: ["lint", "--stdin-filename", "compose.yaml"],
  },
];

const cacheOf = (bundle) => bundle.replace("/bundle/", "/code-cache/");

/** Takes the caches below a folder away: V8 knows a text by its length alone. */
export function forgetCompiled(below) {
  for (const { bundle } of kept)
    if (bundle.startsWith(below)) rmSync(join(root, cacheOf(bundle)), { force: true });
}

/** Makes them of the bundles that are there now. */
export function keepCompiled(below) {
  for (const { bundle, run } of kept) {
    if (!bundle.startsWith(below)) continue;
    const args = [import.meta.filename, bundle, cacheOf(bundle), ...run];
    const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
    if (status !== 0) throw new Error(`${bundle} could not be compiled for its cache.`);
  }
}

async function make(bundle, cache, name, ...args) {
  const file = join(root, bundle);
  const { bundleScript, runBundle } = createRequire(file)("./workloops.cjs");
  const script = bundleScript(file);
  const { commands } = runBundle(script, file);
  const silent = () => undefined;
  const readStdin = async () => sample;
  const io = { out: silent, err: silent, readStdin, cwd: root, env: {}, color: false };
  await commands[name](args, io);
  mkdirSync(dirname(join(root, cache)), { recursive: true });
  writeFileSync(join(root, cache), script.createCachedData());
}

if (isMain(import.meta.url)) await make(...process.argv.slice(2));
