// The simulator with the shipping core and driver as one file, with or without probes.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "../setup.mjs";
import { probes } from "./probes.mjs";

const folder = join(root, "node_modules", ".cache", "workloops-simulate");

/**
 * `probed` is the kind of its probes: `seen`, `mutable` or, for none, undefined. `plant` puts a
 * fault by hand into one file: `{ file, from, to }`, the file below packages/worker/src, or the
 * parser's.
 *
 * @returns where the bundle is, and the sites of its probes
 */
export async function bundleSimulator({ name, probed, plant }) {
  mkdirSync(folder, { recursive: true });
  const change = plant && ((path, source) => putInto(path, source, plant));
  const { plugin, sites } = probes({ change, kind: probed });
  const outfile = join(folder, `${name}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: ["packages/simulator/src/index.ts"],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    conditions: ["workloops-source"],
    logLevel: "warning",
    plugins: probed === undefined ? [] : [plugin],
  });
  return { outfile, sites };
}

function putInto(path, source, { file, from, to }) {
  if (path !== join(root, "packages/worker/src", file)) return source;
  if (source.split(from).length !== 2) {
    throw new Error(
      `${file} has to hold this text once, so that a fault can be put in its place: ${from}`,
    );
  }
  return source.replace(from, () => to);
}
