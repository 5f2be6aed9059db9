import { parse, plan } from "@workloops/parser";
import { describe, expect, test } from "vitest";

const errors = (text: string) =>
  parse(text).diagnostics.flatMap(({ code, span, data, severity }) =>
    severity === "error" ? [{ code, span, data }] : [],
  );
const groups = (count: number) => Array.from({ length: count }, (_, i) => `q${i}:1`).join(" ");
const chain = (count: number) => `${Array.from({ length: count }, (_, i) => `q${i}`).join(">")}:1`;

describe("a text", () => {
  test("of 65,536 characters is read", () => {
    expect(errors(`a:1${" ".repeat(65_533)}`)).toEqual([]);
  });

  test("of one more is not", () => {
    const text = `a:1${" ".repeat(65_534)}`;
    const data = { what: "text", count: 65_537, limit: 65_536 };
    expect(errors(text)).toEqual([
      { code: "too-large", span: { start: 65_536, end: 65_537 }, data },
    ]);
    expect(parse(text).tree.groups).toEqual([]);
  });
});

describe("groups", () => {
  test("1,000 of them are read", () => {
    expect(plan(parse(groups(1_000)).tree).groups).toHaveLength(1_000);
  });

  test("what is beyond is one error, and the others stay", () => {
    const text = groups(1_002);
    const start = text.indexOf("q1000:1");
    const data = { what: "groups", count: 1_002, limit: 1_000 };
    expect(errors(text)).toEqual([{ code: "too-large", span: { start, end: text.length }, data }]);
    expect(parse(text).tree.groups).toHaveLength(1_000);
  });
});

describe("queues in a chain", () => {
  test("100 of them are read, the wildcard counted", () => {
    expect(errors(chain(100))).toEqual([]);
    expect(errors(chain(99).replace(":1", ">*:1"))).toEqual([]);
  });

  test("what is beyond is shown", () => {
    const text = chain(101);
    const start = text.indexOf("q100");
    const data = { what: "queues", count: 101, limit: 100 };
    const span = { start, end: text.length - 2 };
    expect(errors(text)).toEqual([{ code: "too-large", span, data }]);
    expect(parse(text).diagnostics[0]?.message).toBe(
      "There are 101 queues in this chain; at most 100 are read.",
    );
  });
});
