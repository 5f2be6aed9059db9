import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./packed.ts";

interface Metafile {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<
    Record<
      string,
      { readonly imports: readonly { readonly path: string; readonly external?: true }[] }
    >
  >;
}

/** What esbuild put into each bundle, written down by the build. */
const metafiles = JSON.parse(
  readFileSync(join(root, "node_modules/.cache/bundles.json"), "utf8"),
) as Record<string, Metafile>;

const bundles = "packages/cli/dist/bundle";
const shipped = readdirSync(join(root, bundles)).filter((file) => /\.[cm]js$/.test(file));
/** Native helpers that `ws` looks for and does without. */
const optional = ["bufferutil", "utf-8-validate"];
const isNode = (path: string) => path.startsWith("node:") || builtinModules.includes(path);

test.each(shipped)("%s needs nothing but Node", (file) => {
  const outputs: Metafile["outputs"] = metafiles[`${bundles}/${file}`]?.outputs ?? {};
  const external = Object.values(outputs).flatMap(({ imports }) =>
    imports.filter((one) => one.external).map(({ path }) => path),
  );
  expect(Object.keys(outputs)).toEqual([`${bundles}/${file}`]);
  const needed = external.filter((path) => !isNode(path) && !optional.includes(path));
  expect(needed).toEqual([]);
});

/** The rooms of ours that a bundle holds. */
const rooms = (file: string) => {
  const inputs = Object.keys(metafiles[`${bundles}/${file}`]?.inputs ?? {});
  const ours = inputs.map((input) => /^packages\/([^/]+)\//.exec(input)?.[1] ?? "");
  return [...new Set(ours)].filter((room) => room !== "").sort();
};

test("what lint loads holds nothing of the worker", () => {
  expect(rooms("workloops.cjs")).toEqual(["cli"]);
  expect(rooms("lint.cjs")).toEqual(["cli", "language-service", "parser"]);
});

test("what the editor loads holds nothing of the worker", () => {
  expect(rooms("language-server.cjs")).toEqual(["language-service", "lsp", "parser"]);
});

test("what runs jobs holds nothing of lanes or sockets", () => {
  expect(rooms("child.cjs")).toEqual(["engine"]);
});

test("the worker's own process holds no compiler, and nothing that runs a job", () => {
  const inputs = Object.keys(metafiles[`${bundles}/worker.mjs`]?.inputs ?? {});
  const compiles = /node_modules\/(acorn|magic-string|@openfn\/runtime)\/|engine\/src\/child\//;
  expect(inputs.filter((input) => compiles.test(input))).toEqual([]);
  const compiler = inputs.filter((input) => input.includes("engine/src/compile/"));
  expect(compiler).toEqual(["packages/engine/src/compile/compiler-version.ts"]);
});
