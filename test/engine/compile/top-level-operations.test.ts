import { describe, expect, it } from "vitest";
import { compileJob } from "../../../packages/engine/src/compile/compile-job.ts";
import { compiled } from "./compiled.ts";

describe("top-level operations", () => {
  it.each([
    ["a(); b()", "; ;\nexport default [\na(),\nb(),];\n"],
    ["a()\nb()", ";\n;\nexport default [\na(),\nb(),];\n"],
    ["(a());", ";\nexport default [\n(a()),];\n"],
    ["a() /* c */ ; // d", "; // d\nexport default [\na() /* c */ ,];\n"],
    ["o.a(1)(2); (() => f)()", "; ;\nexport default [\no.a(1)(2),\n(() => f)(),];\n"],
    ["let a = b\nc(1)\n;[1].d", "let a = b\n;[1].d\nexport default [\nc(1)\n,];\n"],
    ["export default [x];\n", "export default [x];\n\n"],
    ["a();\nexport default [x,,]", ";\nexport default [...[x,,],\na(),]\n"],
    ["a();\nexport default [/* n */];", ";\nexport default [...[/* n */],\na(),];\n"],
  ])("calls go into the array, the rest stays: %j", (source, expected) => {
    expect(compiled(source)).toBe(expected);
  });

  it.each([
    "await a()",
    "a?.b()",
    "new A()",
    "a(), b()",
    "x && a()",
    "x ? a() : b()",
    "void a()",
    "a`x`",
    "x = a()",
    "l: a()",
    "if (x) a()",
    "{ a() }",
    "() => a()",
  ])("this is no operation: %s", (source) => {
    expect(compiled(source)).toBe(`${source}\nexport default [];\n`);
  });

  it.each(["export default [x];\na()", "export default ops;\n", "a();\nexport default f()"])(
    "nothing moves without an array at the end: %j",
    (source) => {
      expect(compiled(source)).toBe(`${source}\n`);
    },
  );

  it("places each operation for errors from inside an adaptor", () => {
    const result = compileJob("a();\n\nb.c();\nd().then(e);\nexport default [x]", []);
    expect("positions" in result && result.positions.operations).toEqual([
      null,
      { name: "a", line: 1, order: 2 },
      { line: 3, order: 3 },
      { name: "d", line: 4, order: 4 },
    ]);
  });
});
