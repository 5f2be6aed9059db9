// Every bundle that is shipped or that a child process loads, as data. A bundle is one
// file without dependencies, so that a command loads what it needs and nothing else.
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup.mjs";

const cjs = { format: "cjs", platform: "node", target: "node20.19" };
// The extension's host gives it `vscode`, on the desktop and in a browser alike.
const inBrowser = { format: "cjs", platform: "browser", target: "es2022" };
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

export const bundles = [
  {
    in: "packages/engine/src/child/main.ts",
    out: "packages/engine/dist/bundle/child.mjs",
    ...esm,
    // Reads a WebAssembly file that a bundle does not have; the child brings its own.
    alias: { "source-map": "./packages/engine/src/child/source-map-consumer.ts" },
    define: {
      ENGINE_VERSION: versionOf("packages/engine"),
      RUNTIME_VERSION: versionOf("node_modules/@openfn/runtime"),
    },
  },
  { in: "packages/worker/src/main.ts", out: "packages/worker/dist/bundle/worker.mjs", ...esm },
  { in: "packages/lsp/src/node.ts", out: "packages/lsp/dist/bundle/node.cjs", ...cjs },
  {
    in: "packages/cli/src/main.ts",
    out: "packages/cli/dist/bundle/workloops.cjs",
    ...cjs,
    define: { WORKLOOPS_VERSION: versionOf("packages/cli") },
  },
  { in: "packages/cli/src/groups/lint.ts", out: "packages/cli/dist/bundle/lint.cjs", ...cjs },
  { in: "packages/lsp/src/node.ts", out: "packages/cli/dist/bundle/language-server.cjs", ...cjs },
  { in: "packages/lsp/src/node.ts", out: "packages/vscode/dist/bundle/server.cjs", ...cjs },
  {
    in: "packages/lsp/src/browser.ts",
    out: "packages/vscode/dist/bundle/server.browser.cjs",
    ...inBrowser,
    format: "iife",
  },
  {
    in: "packages/vscode/src/extension.ts",
    out: "packages/vscode/dist/bundle/extension.cjs",
    ...cjs,
    external: ["vscode"],
  },
  {
    in: "packages/vscode/src/extension.browser.ts",
    out: "packages/vscode/dist/bundle/extension.browser.cjs",
    ...inBrowser,
    external: ["vscode"],
  },
];

export async function bundle() {
  const { build } = await import("esbuild");
  for (const { in: entry, out, ...options } of bundles) {
    if (!existsSync(join(root, entry))) continue;
    await build({
      ...options,
      absWorkingDir: root,
      entryPoints: [entry],
      outfile: out,
      bundle: true,
      conditions: ["workloops-source", "module"],
      minifySyntax: true,
      minifyWhitespace: true,
      legalComments: "none",
      logLevel: "warning",
    });
    const size = statSync(join(root, out)).size;
    console.log(`${out}  ${Math.round(size / 1024)} KB`);
  }
}
