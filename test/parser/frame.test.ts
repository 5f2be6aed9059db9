import { frame, parse } from "@workloops/parser";
import { expect, test } from "vitest";

const problem = {
  origin: "compose.yaml",
  code: "some-code",
  severity: "error",
  message: "Wrong.",
} as const;

test("shows the line, the place and the help", () => {
  const text = "a: 1\nvalue: 'manual>*'\n";
  expect(
    frame({ ...problem, text, span: { start: 13, end: 21 }, help: "write `manual>*:1`" }),
  ).toBe(
    [
      "error[some-code]: Wrong.",
      " --> compose.yaml:2:9",
      "  |",
      "2 | value: 'manual>*'",
      "  |         ^^^^^^^^",
      "  = write `manual>*:1`",
    ].join("\n"),
  );
});

test("shows places that belong to it", () => {
  const [found] = parse("*:1 *:2").diagnostics.filter(({ code }) => code === "identical-groups");
  if (found === undefined) throw new Error("not found");
  expect(
    frame({ ...found, text: "*:1 *:2", origin: "V" })
      .split("\n")
      .at(-1),
  ).toBe("  = note: the same queues here: V:1:1");
});

test("a span of several lines is drawn in its first", () => {
  const lines = frame({ ...problem, text: "ab\ncd", span: { start: 1, end: 5 } }).split("\n");
  expect(lines.slice(3)).toEqual(["1 | ab", "  |  ^"]);
});

test("an empty text and its end have a caret", () => {
  expect(
    frame({ ...problem, text: "", span: { start: 0, end: 0 } })
      .split("\n")
      .slice(3),
  ).toEqual(["1 |", "  | ^"]);
  const atEnd = frame({ ...problem, text: "a\n", span: { start: 2, end: 2 } });
  expect(atEnd).toContain(":2:1");
});

test("carets stand below wide characters, and line ends and tabs are no characters", () => {
  const text = "日本\tx:0\r\n";
  expect(
    frame({ ...problem, text, span: { start: 5, end: 6 } })
      .split("\n")
      .slice(3),
  ).toEqual(["1 | 日本 x:0", "  |        ^"]);
});

test("nothing reaches the terminal that it would obey or hide", () => {
  const text = "\u001b[2J\u202eabc\u0000:1";
  const shown = frame({ ...problem, text, span: { start: 0, end: 1 } });
  expect(shown).toContain("<U+001B>[2J<U+202E>abc<U+0000>:1");
  expect(shown).toContain("\n  | ^^^^^^^^");
});

test("a long line is cut around the place", () => {
  const text = `${"a".repeat(500)}-${"b".repeat(500)}`;
  const [, , , line = "", carets = ""] = frame({
    ...problem,
    text,
    span: { start: 500, end: 501 },
  }).split("\n");
  expect(line.length).toBeLessThan(120);
  expect(line[carets.indexOf("^")]).toBe("-");
  expect(line.startsWith("1 | …")).toBe(true);
  expect(line.endsWith("…")).toBe(true);
});

test("parts are painted by whoever has colours", () => {
  const paint = (part: string, text: string) => `<${part}>${text}</${part}>`;
  const shown = frame({ ...problem, text: "a", span: { start: 0, end: 1 }, paint });
  expect(shown).toContain("<severity>error</severity><code>[some-code]</code>: Wrong.");
  expect(shown).toContain("<caret>^</caret>");
});
