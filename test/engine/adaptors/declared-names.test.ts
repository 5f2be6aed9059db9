import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { declaredNames } from "../../../packages/engine/src/adaptors/declared-names.ts";
import { entryOf } from "../../../packages/engine/src/adaptors/package-root.ts";
import { parseDeclarations } from "../../../packages/engine/src/adaptors/parse-declarations.ts";
import { adaptorRepo, installTestAdaptors } from "../../conformance/adaptors-for-tests.ts";
import { writePackage } from "../write-repo.ts";

describe("parse declarations", () => {
  it.each([
    ["export function a(): void; export declare const b: number, c: string;", ["a", "b"]],
    [
      "export declare class A {} export enum E { x } export namespace N { const inner: 1 }",
      ["A", "E", "N"],
    ],
    ["declare const a: 1; export { a, b as c, type T };", ["a", "c"]],
    [
      'export * as util from "./util"; export { default as axios } from "axios";',
      ["util", "axios"],
    ],
    ["export interface I { export: 1 } export type T = { a: 1 };", []],
    ["/* export const no: 1 */ // export const no: 1\nexport default fn;", []],
    ["declare function f(x: { export: 1 }): { a: 1 }; export { f };", ["f"]],
  ])("%s", (text, names) => {
    expect(parseDeclarations(text).names).toEqual(names);
  });

  it("follows re-exports", () => {
    const text = 'export * from "./Adaptor"; export * from "@openfn/language-common";';
    expect(parseDeclarations(text).reexports).toEqual(["./Adaptor", "@openfn/language-common"]);
  });
});

describe("declared names", () => {
  const root = mkdtempSync(join(tmpdir(), "workloops-test-types-"));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  writePackage(root, {
    "types/index.d.ts": 'export * from "./a"; export * from "./b.js"; export default 1;',
    "types/a.d.ts": 'export const a: 1; export * from "./index";',
    "types/b/index.d.ts": "export const b: 1;",
    "types/Adaptor.d.ts": "export const beside: 1;",
  });

  it("are those of all files that the types lead to, and of the sibling", () => {
    const names = declaredNames({ root, manifest: { types: "types/index.d.ts" } });
    expect(names?.sort()).toEqual(["a", "b", "beside"]);
  });

  it("are not known without types", () => {
    expect(declaredNames({ root, manifest: {} })).toBeUndefined();
    expect(declaredNames({ root, manifest: { types: "none.d.ts" } })).toBeUndefined();
  });

  // The registry is as fast as it is: an installation is set-up, and no test has to be in time for it.
  beforeAll(installTestAdaptors, 180_000);

  it("of real adaptors are there when they are loaded", async () => {
    for (const version of ["language-common_3.2.3", "language-http_7.2.10"]) {
      const at = join(adaptorRepo, "node_modules/@openfn", version);
      const manifest = (await import(join(at, "package.json"), { with: { type: "json" } })).default;
      const found = { root: at, manifest };
      const real = Object.keys(await import(entryOf(found)));
      const shared = real.filter((name) => declaredNames(found)?.includes(name));
      expect(shared).toEqual(expect.arrayContaining(["fn", "each", "dataValue", "fnIf"]));
    }
  });
});

describe("entry", () => {
  it.each([
    [{ exports: "./a.js" }, "a.js"],
    [{ exports: { ".": "./b.js" } }, "b.js"],
    [{ exports: { ".": { types: "./t.d.ts", import: "./c.js", require: "./c.cjs" } } }, "c.js"],
    [{ exports: { ".": { import: { types: "./t", default: "./d.js" } } } }, "d.js"],
    [{ exports: { import: "./e.js" } }, "e.js"],
    [{ main: "f.js" }, "f.js"],
    [{}, "index.js"],
  ])("of %j", (manifest, expected) => {
    expect(entryOf({ root: "/p", manifest })).toBe(join("/p", expected));
  });
});
