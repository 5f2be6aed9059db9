import { describe, expect, it } from "vitest";
import { compiled, operation, problem } from "./compiled.ts";

describe("lazy state", () => {
  it.each([
    ["op($.a)", "op(state => state.a)"],
    ["op($.a?.b[1])", "op(state => state.a?.b[1])"],
    ["op($.a, $.b)", "op(state => state.a, state => state.b)"],
    ["op({ a: $.a, b: [$.b] })", "op(state => ({ a: state.a, b: [state.b] }))"],
    ["op({ ...$.a })", "op(state => ({ ...state.a }))"],
    ["op(`x${$.a}`)", "op(state => `x${state.a}`)"],
    ["op(!$.a && $.b)", "op(state => !state.a && state.b)"],
    ["op(new Date($.a))", "op(state => new Date(state.a))"],
    ["op(($.a, $.b))", "op((state => (state.a, state.b)))"],
    ["op(o[$.key])", "op(state => o[state.key])"],
  ])("the argument is wrapped, whole and once: %s", (source, expected) => {
    expect(operation(source)).toBe(expected);
  });

  it.each([
    ["op(inner($.a))", "op(inner(state => state.a))"],
    ["const String = f; op(String($.a))", "op(String(state => state.a))"],
    ["op(String($.a))", "op(state => String(state.a))"],
    ["op($.list.map((x) => x))", "op(state => state.list.map((x) => x))"],
    ["op($.list.includes($.a))", "op(state => state.list.includes(state.a))"],
    ["op($.fn($.x))", "op(state => state.fn(state.x))"],
    ['op([$.a].join("-"))', 'op(state => [state.a].join("-"))'],
    ['op("x".concat($.a))', 'op(state => "x".concat(state.a))'],
    ["op(JSON.stringify($.a))", "op(state => JSON.stringify(state.a))"],
  ])("the nearest call that can be an operation is the one: %s", (source, expected) => {
    expect(operation(source)).toBe(expected);
  });

  it.each(["op((state) => $.a + 1)", "op(state => ({ a: $.a }))"])(
    "an arrow of the state is used as it is: %s",
    (source) => {
      expect(operation(source)).toBe(source.replace("$", "state"));
    },
  );

  it.each(["op($)", 'op("$.a")', "op({ $: 1 })", "op(o.$.a)", "op(($) => $.a)", "op(/* $.a */)"])(
    "nothing of it is ours: %s",
    (source) => {
      expect(operation(source)).toBe(source);
    },
  );

  it("a `$` of the job's top is still the state, one of an inner scope is not", () => {
    expect(operation("const $ = 1; op($.a)")).toBe("op(state => state.a)");
    const inner = "op((s) => { const $ = s; return $.a; })";
    expect(operation(inner)).toBe(inner);
  });

  it("an object that a top-level variable starts with is left as it is", () => {
    expect(compiled("const o = { q: $.a };")).toContain("const o = { q: $.a };");
  });

  const outside = "`$` is the state of an operation and stands only in an operation's arguments.";
  it.each([
    ["const x = $.a;", `1:10 ${outside}`],
    ["$.a = 5;", `1:0 ${outside}`],
    ["op((state) => { return $.a; })", `1:23 ${outside}`],
    ["op(function (state) { return $.a; })", `1:29 ${outside}`],
    ["class A { x = $.a }", `1:14 ${outside}`],
    ["op((s) => $.a)", "1:3 `$` inside an arrow function needs its only parameter"],
    ["op(() => $.a)", "1:3 `$` inside an arrow function needs its only parameter"],
    ["op(\n  ...$.list)", "2:2 A spread argument cannot wait for the state"],
  ])("where no operation waits for it, it is refused: %s", (source, expected) => {
    expect(problem(source)).toContain(expected);
  });
});
