import { mkdtempSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { decodePack } from "../../../packages/engine/src/adaptors/pack-format.ts";
import { packModules } from "../../../packages/engine/src/adaptors/pack-modules.ts";
import { loadPack } from "../../../packages/engine/src/child/load-pack.ts";
import { writePackage } from "../write-repo.ts";

const folder = mkdtempSync(join(tmpdir(), "workloops-test-pack-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;

/** A package of CommonJS files: what its pack gives, and what Node gives for the same files. */
function bothWays(files: Readonly<Record<string, string>>) {
  count += 1;
  const root = join(folder, `p${count}`);
  writePackage(root, { "package.json": '{"main":"index.js"}', ...files });
  const bytes = packModules({ root, manifest: { main: "index.js" } });
  const pack = bytes && decodePack(bytes);
  const loose = () => createRequire(join(root, "x.js"))(join(root, "index.js")) as unknown;
  return { root, pack, packed: () => pack && loadPack({ root, ...pack }), loose };
}

const cases: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "values of every kind of text": {
    "index.js": [
      "#!/usr/bin/env node",
      "'use strict'",
      "// a comment with a ' and a `",
      "exports.strict = (function () { return this === undefined })()",
      "exports.text = 'é ☃ 😀 \\é' + \"// no comment\" /* one",
      " over lines */",
      "exports.template = `a  b // ${ 1 /* c */ + 1 }  \n  é`",
      "exports.regex = String(/[/]\\/*é/.exec('/*é'))",
      "var a = 1",
      "/* a break */ ;[1].forEach(function () { exports.list = a })",
      "exports.division = 8 / 2 / 1",
      "exports.lines = (function () { return /* ends\n here */ 1 })()",
    ].join("\n"),
  },
  "files in folders, JSON and cycles": {
    "index.js":
      "exports.early = 1; const b = require('./lib'); exports.b = b; exports.data = require('./data.json')",
    "lib/index.js":
      "exports.seen = Object.keys(require('..')); exports.twice = require('../once') === require('../once')",
    "once.js": "module.exports = { }",
    "data.json": '{ "__proto__": 1, "a": "\\u2028" }',
  },
  "where a module is": {
    "index.js":
      "exports.at = [__filename, __dirname, module.id, module.filename, require.resolve('./x'), this === exports, typeof require.cache]",
    "x.js": "",
  },
  "names that are made up at run time": {
    "index.js":
      "const name = './' + 'x'; exports.same = require(name) === require('./x'); exports.node = require('node:path').sep",
    "x.js": "exports.x = 1",
  },
  "what is not there": {
    "index.js": "try { require('not-there') } catch (e) { exports.code = e.code }",
  },
  "a module that throws, which is run again": {
    "index.js":
      "global.tries = 0; for (const n of [1, 2]) try { require('./bad') } catch (e) { exports['e' + n] = e.message }",
    "bad.js": "global.tries += 1; throw new Error('try ' + global.tries)",
  },
};

describe("a pack", () => {
  it.each(Object.entries(cases))("gives what Node gives: %s", (_name, files) => {
    const { packed, loose } = bothWays(files);
    const expected = loose();
    expect(packed()).toEqual(expected);
    expect(JSON.stringify(packed())).toBe(JSON.stringify(expected));
  });

  it("imports at run time from its own modules, and from files where they are not fixed", async () => {
    const { packed } = bothWays({
      "index.js":
        "exports.x = require('./x'); exports.fixed = () => import('./x.js'); exports.named = (n) => import(n)",
      "x.js": "exports.a = 1",
      "y.mjs": "export const y = import.meta.url",
    });
    const { x, fixed, named } = packed() as {
      x: object;
      fixed: () => Promise<{ a: number; default: object }>;
      named: (name: string) => Promise<{ y: string }>;
    };
    expect(await fixed()).toEqual({ a: 1, default: x });
    expect((await fixed()).default).toBe(x);
    // Node follows such a name from the module's own file, where vitest would, too, from ours.
    expect(await named("node:path")).toHaveProperty("sep");
  });

  it("runs nothing while it is made, and a module when it is first required", () => {
    const { pack, packed } = bothWays({
      "index.js": "exports.first = global.ran; require('./x'); exports.later = global.ran",
      "x.js": "global.ran = 'yes'",
    });
    expect(pack?.header.modules.map(({ path }) => path)).toEqual(["index.js", "x.js"]);
    expect(Reflect.get(globalThis, "ran")).toBeUndefined();
    expect(packed()).toEqual({ first: undefined, later: "yes" });
    Reflect.deleteProperty(globalThis, "ran");
  });

  it.each([
    ["an ES module", { "index.js": "exports.x = require('./x.mjs')", "x.mjs": "export {}" }],
    ["what does not parse", { "index.js": "require('./x')", "x.js": "let x = ;" }],
  ])("is not made of %s", (_name, files) => {
    expect(bothWays(files).pack).toBeUndefined();
  });

  it("knows its files by size and time", () => {
    const { root, pack } = bothWays({ "index.js": "exports.a = 1" });
    const { size, mtimeMs } = statSync(join(root, "index.js"));
    expect(pack?.header.modules).toEqual([
      { path: "index.js", size, mtimeMs: Math.trunc(mtimeMs), requires: {} },
    ]);
  });
});
