// Every bundle that is shipped or that a child process loads, as data. A bundle is one
// file without dependencies, so that a command loads what it needs and nothing else.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, extname, join } from "node:path";
import { forgetCompiled, keepCompiled } from "./code-cache.mjs";
import { writeNotices } from "./notices.mjs";
import { root } from "./setup.mjs";

const cjs = { format: "cjs", platform: "node", target: "node20.19" };
// One file for Node and for a browser: what only Node has is loaded when Node runs it. The
// libraries that tell the two apart by export conditions are named by file.
const lib = (name, side) => join(root, "node_modules", name, "lib", side, "main.js");
const sides = (name) => ({
  [`${name}/node`]: lib(name, "node"),
  [`${name}/browser`]: lib(name, "browser"),
});
const anywhere = {
  platform: "neutral",
  target: "es2022",
  mainFields: ["module", "main"],
  conditions: ["workloops-source", "module", "browser"],
  alias: {
    ...sides("vscode-jsonrpc"),
    ...sides("vscode-languageserver-protocol"),
    ...sides("vscode-languageserver"),
    ...sides("vscode-languageclient"),
  },
  external: ["vscode", "node:*", ...builtinModules],
  // It is sent over slow lines.
  minifyIdentifiers: true,
};
const esm = {
  format: "esm",
  platform: "node",
  target: "node20.19",
  // Some dependencies are CommonJS and call require for Node's own modules.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
};

const versionOf = (folder) =>
  JSON.stringify(JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")).version);

// What runs a job. The engine looks for it beside the bundle that it is part of.
const child = {
  in: "packages/engine/src/child/main.ts",
  // Node starts a CommonJS file sooner, and with less memory, than an ES module.
  ...cjs,
  // What a child must not load or does not need; each file says why it stands in.
  alias: {
    "source-map": "./packages/engine/src/child/source-map-consumer.ts",
    "@openfn/logger": "./packages/engine/src/child/quiet-logger.ts",
    child_process: "./packages/engine/src/child/no-child-process.ts",
  },
  // Read when bundles are made: this file is loaded before anything is installed.
  define: () => ({
    ENGINE_VERSION: versionOf("packages/engine"),
    RUNTIME_VERSION: versionOf("node_modules/@openfn/runtime"),
  }),
};

export const bundles = [
  // One file instead of some hundred, chevrotain's included: importing it takes a tenth of the time.
  {
    in: "packages/parser/src/index.ts",
    out: "packages/parser/dist/index.js",
    format: "esm",
    platform: "neutral",
    target: "es2022",
    mainFields: ["module", "main"],
  },
  { out: "packages/engine/dist/bundle/child.cjs", ...child },
  { out: "packages/worker/dist/bundle/child.cjs", ...child },
  {
    in: "packages/worker/src/main.ts",
    out: "packages/worker/dist/bundle/worker.mjs",
    ...esm,
    define: { WORKER_VERSION: versionOf("packages/worker") },
  },
  // In pieces: a client is answered before the service and its parsers are read.
  {
    in: "packages/lsp/src/node.ts",
    out: "packages/lsp/dist/bundle/node.mjs",
    ...esm,
    splitting: true,
    minifyIdentifiers: true,
  },
  {
    in: "packages/cli/src/main.ts",
    out: "packages/cli/dist/bundle/workloops.cjs",
    ...cjs,
    define: { WORKLOOPS_VERSION: versionOf("packages/cli") },
  },
  {
    in: "packages/cli/src/groups/lint.ts",
    out: "packages/cli/dist/bundle/lint.cjs",
    ...cjs,
    // A third less text to compile at every start.
    minifyIdentifiers: true,
    define: { WORKLOOPS_VERSION: versionOf("packages/cli") },
  },
  { in: "packages/cli/src/groups/values.ts", out: "packages/cli/dist/bundle/values.cjs", ...cjs },
  { in: "packages/lsp/src/node.ts", out: "packages/cli/dist/bundle/language-server.cjs", ...cjs },
  {
    in: "packages/cli/src/groups/worker.ts",
    out: "packages/cli/dist/bundle/worker.mjs",
    ...esm,
    define: { WORKER_VERSION: versionOf("packages/worker") },
  },
  {
    in: "packages/cli/src/groups/local-lightning.ts",
    out: "packages/cli/dist/bundle/local-lightning.mjs",
    ...esm,
    define: { WORKER_VERSION: versionOf("packages/worker") },
  },
  { in: "packages/cli/src/groups/jobs.ts", out: "packages/cli/dist/bundle/jobs.mjs", ...esm },
  { out: "packages/cli/dist/bundle/child.cjs", ...child },
  {
    in: "packages/vscode/src/server.ts",
    out: "packages/vscode/dist/bundle/server.cjs",
    ...anywhere,
    format: "iife",
  },
  {
    in: "packages/vscode/src/extension.ts",
    out: "packages/vscode/dist/bundle/extension.cjs",
    ...anywhere,
    format: "cjs",
  },
];

/** A bundle of several files, named after what they begin with. */
function pieces(out) {
  const folder = dirname(out);
  return { outdir: folder, outExtension: { ".js": extname(out) }, chunkNames: "[name]" };
}

/** Makes the bundles whose files lie below a folder; without one, all. */
export async function bundle(below = "") {
  const { build } = await import("esbuild");
  const metafiles = new Map();
  forgetCompiled(below);
  for (const { in: entry, out, define, ...options } of bundles) {
    if (!out.startsWith(below) || !existsSync(join(root, entry))) continue;
    const { metafile } = await build({
      absWorkingDir: root,
      entryPoints: [entry],
      ...(options.splitting ? pieces(out) : { outfile: out }),
      bundle: true,
      conditions: ["workloops-source", "module"],
      minifySyntax: true,
      minifyWhitespace: true,
      legalComments: "none",
      logLevel: "warning",
      metafile: true,
      define: typeof define === "function" ? define() : define,
      ...options,
    });
    metafiles.set(out, metafile);
    const size = statSync(join(root, out)).size;
    console.log(`${out}  ${Math.round(size / 1024)} KB`);
  }
  keepCompiled(below);
  for (const folder of new Set([...metafiles.keys()].map(dirname))) {
    const made = [...metafiles].filter(([out]) => dirname(out) === folder);
    writeNotices(
      folder,
      made.map(([, metafile]) => metafile),
    );
  }
  // What went into what, for tests and for esbuild's analyzer; bundles not made now are as they were.
  const cache = join(root, "node_modules/.cache");
  const file = join(cache, "bundles.json");
  const before = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  mkdirSync(cache, { recursive: true });
  writeFileSync(file, JSON.stringify({ ...before, ...Object.fromEntries(metafiles) }));
}
