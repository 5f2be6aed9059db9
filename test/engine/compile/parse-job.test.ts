import { describe, expect, it } from "vitest";
import { compiled, problem } from "./compiled.ts";

describe("parse job", () => {
  it.each([
    "1_000n;",
    "class A { #x = 1; static s; static { A.s = 2; } get x() { return this.#x; } }",
    "try { f(); } catch { g(); }",
    "/[\\p{L}--[a-z]]/v.test(x);",
    "a ??= b?.c; a ||= 1;",
    'import d from "@openfn/x" with { type: "json" };',
    "const v = await f(); for await (const x of v) g(x);",
    '"\u2028";',
    "#!/usr/bin/env node",
    "\ufeffconst a = 1;",
  ])("takes today's JavaScript: %j", (source) => {
    expect(compiled(source)).toContain("export default [");
  });

  it.each([
    ["fn(", "1:3 Unexpected token"],
    ["a;\nconst = 5;", "2:6 Unexpected token"],
    ["return f();", "1:0 'return' outside of function"],
    ["017;", "1:0 Invalid number"],
    ["f(s: any)", "1:3 Unexpected token"],
    ["const a = 1; const a = 2;", "1:19 Identifier 'a' has already been declared"],
    ["<!-- x", "1:0 Unexpected token"],
  ])("says where %j is wrong", (source, expected) => {
    expect(problem(source)).toContain(expected);
  });

  it("compiles 200 KB, 10,000 operations and 1,000 levels", () => {
    const large = `fn(() => ${JSON.stringify("x".repeat(200_000))});`;
    expect(compiled(large)).toContain("fn(() =>");
    const many = compiled("fn((s) => s);\n".repeat(10_000));
    expect(many.match(/^fn\(\(s\) => s\),/gm)).toHaveLength(10_000);
    expect(compiled(`fn(${"[".repeat(1000)}${"]".repeat(1000)})`)).toContain("]),];");
  });

  it("refuses what is larger or deeper in words", () => {
    expect(problem(`f(${"[".repeat(20_000)}${"]".repeat(20_000)})`)).toMatch(/nested too deeply/);
    expect(problem(" ".repeat(1_000_001))).toMatch(/1000001 characters long; at most 1000000/);
  });
});
