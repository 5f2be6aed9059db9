import { describe, expect, it } from "vitest";
import { compiled, operation } from "./compiled.ts";

const helper = 'import { defer as _defer } from "@openfn/runtime";\n';

describe("promise chains", () => {
  it.each([
    ["op(1).then((s) => s)", "_defer(op(1), p => p.then((s) => s))"],
    ["op(1).then(f).catch(g)", "_defer(op(1), p => p.then(f).catch(g))"],
    ["op(1).catch(f)", "_defer(op(1), undefined, f)"],
    ["op(1).catch( f )", "_defer(op(1), undefined, f)"],
    ["op(1).catch(f).then(g)", "_defer(op(1), p => p.then(g), f)"],
    ["op(1).catch(f, h).then(g)", "_defer(op(1), p => p.then(g), f)"],
    ["op(1).catch()", "_defer(op(1), p => p.catch())"],
    ["a.b.op(1).then(f)", "_defer(a.b.op(1), p => p.then(f))"],
    ["op(1)\n  // why\n  .then(f)", "_defer(op(1), p => p\n  // why\n  .then(f))"],
    [
      "outer(op(1).then(f), op(2).catch(g))",
      "outer(_defer(op(1), p => p.then(f)), _defer(op(2), undefined, g))",
    ],
    [
      "op(1).catch(() => a.then(b)).then(wrap(op(2).then(c)))",
      "_defer(op(1), p => p.then(wrap(_defer(op(2), p => p.then(c)))), () => a.then(b))",
    ],
  ])("%s", (source, expected) => {
    expect(operation(source)).toBe(expected);
    expect(compiled(source)).toContain(helper);
  });

  it("a variable may hold one", () => {
    expect(compiled("const v = op(1).then(f);")).toBe(
      `${helper}const v = _defer(op(1), p => p.then(f));\nexport default [];\n`,
    );
  });

  it("the job's own `p` is not shadowed", () => {
    expect(operation("op(p).then(() => p1)")).toBe("_defer(op(p), p2 => p2.then(() => p1))");
  });

  it.each([
    "x.then(4)",
    "op(() => a().then(b))",
    "op(function () { return a().then(b); })",
    'op(1)["then"](f)',
    "op(1).finally(f)",
    "(await op(1)).then(f)",
  ])("no chain: %s", (source) => {
    expect(operation(source)).toBe(source);
    expect(compiled(source)).not.toContain("_defer");
  });

  it("an object that a top-level variable starts with is left as it is", () => {
    expect(compiled("const o = { v: op(1).then(f) }")).not.toContain("_defer");
  });

  it("comes in although the job imports from the runtime itself", () => {
    expect(compiled('import { run } from "@openfn/runtime"; op(1).then(f)')).toContain(helper);
  });
});
