import { describe, expect, it } from "vitest";
import { compiled } from "./compiled.ts";

const imports = (source: string, adaptors?: Parameters<typeof compiled>[1]) =>
  compiled(source, adaptors)
    .split("\n")
    .filter((line) => /^import |^export \*/.test(line));

const from = (...names: string[]) => [
  `import { ${names.join(", ")} } from "@openfn/language-common";`,
  'export * from "@openfn/language-common";',
];

describe("add imports", () => {
  it.each([
    ["fn(x)", from("fn")],
    ["fn(each)", from("fn", "each")],
    ["({ each })", from("each")],
    ["({ fn: fn })", from("fn")],
    ["const o = { v: dataValue(1) };", from("dataValue")],
    ["function f(g = dataValue) {}", from("dataValue")],
    ["try {} catch (fn) { fn(); } fn()", from("fn")],
    ["x[fn]", from("fn")],
    ["class A { [fn]() {} }", from("fn")],
    ["`${fn}`", from("fn")],
    ["typeof fn", from("fn")],
  ])("imports what is used and exports the rest: %s", (source, expected) => {
    expect(imports(source)).toEqual(expected);
  });

  it.each([
    "a.fn",
    "({ fn: 1 })",
    "class A { fn() {} }",
    "fn: for (;;) break fn;",
    "const fn = 1; fn",
    "f(fn); function fn() {}",
    "(fn) => fn",
    "({ fn }) => fn",
    "for (const fn of []) fn",
    "f(); { var fn; }",
    '"fn"',
    "import.meta.fn",
  ])("is not a use: %s", (source) => {
    expect(imports(source)).toEqual([]);
  });

  it("leaves the job's own imports and adds what they lack", () => {
    const own = 'import { fn } from "@openfn/language-common";';
    expect(imports(`${own}\nfn(each)`)).toEqual([...from("each"), own]);
    expect(imports(`${own}\nfn(1)`)).toEqual([own]);
  });

  it("takes each free name from an adaptor that declares nothing", () => {
    const unknown = [{ specifier: "@openfn/language-x" } as never];
    expect(imports("get(JSON.parse(state.a), undefined)", unknown)[0]).toBe(
      'import { get } from "@openfn/language-x";',
    );
    expect(imports("console.log(1)", unknown)).toEqual([]);
  });

  it("takes a name from the first of two adaptors", () => {
    const two = [
      { specifier: "@openfn/language-a", names: ["fn", "a"] },
      { specifier: "@openfn/language-b", names: ["fn", "b"] },
    ];
    expect(imports("fn(a, b)", two)).toEqual([
      'import { fn, a } from "@openfn/language-a";',
      'export * from "@openfn/language-a";',
      'import { b } from "@openfn/language-b";',
      'export * from "@openfn/language-b";',
    ]);
  });
});
