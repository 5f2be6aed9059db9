import { describe, expect, it } from "vitest";
import { differences } from "../../../packages/engine/src/compile/differences.ts";

/** What differs, as `line:column first words`. */
const told = (source: string) =>
  differences(source).map(({ line, column, message }) => `${line}:${column} ${message}`);

describe("differences from OpenFn's compiler", () => {
  it.each([
    ["fn((s) => s); // load patients", "1:0 OpenFn takes this one line for a file name"],
    ["job.js", "1:0 OpenFn takes this one line for a file name"],
    ["#!node\nfn()", "1:0 OpenFn's compiler refuses a hashbang"],
    ["const x = [];\nexport { x as default };", "1:0 OpenFn does not see `as default`"],
    ["fn(10n)", "1:3 OpenFn's compiler refuses BigInt literals"],
    ["fn(1_000)", "1:3 OpenFn's compiler refuses numeric separators"],
    ["fn(/a/v)", "1:3 OpenFn's compiler refuses the regular expression flag"],
    ['fn("\u2028")', "1:3 OpenFn's compiler refuses a bare U+2028"],
    ["class A { x = 1 }", "1:10 OpenFn's compiler refuses class fields"],
    ["class A { #x = 1 }", "1:10 OpenFn's compiler refuses private names"],
    ["class A { static {} }", "1:10 OpenFn's compiler refuses static blocks"],
    ["try {} catch {}", "1:7 OpenFn's compiler refuses `catch` without"],
    ["x.then(4)", "1:0 OpenFn's compiler does not end on a method called `then`"],
    ["fn(1).then((s) => p)", "1:0 In OpenFn's compiled chain your `p` is the promise"],
    ['import "@openfn/runtime";\nfn(1).then(f)', "1:0 OpenFn adds no import for the chains"],
    ["fn($.list.map(f))", "1:3 OpenFn wraps only what is inside of this call"],
    ["fn(String($.a))", "1:10 OpenFn wraps only what is inside of this call"],
  ])("%j", (source, expected) => {
    const [first] = told(source);
    expect(first).toContain(expected);
  });

  it.each([
    "fn((s) => s);\n// load patients",
    "fn($.a, up($.b));",
    "fn(p).then((p) => p.p)",
    "fn(() => x.then(4))",
    "const o = { q: $.a.b() };",
    "BigInt(5); s?.a ?? b;",
    "fn(",
  ])("none: %j", (source) => {
    expect(told(source)).toEqual([]);
  });
});
