import { comments, formatSource, parse, plan, sourceValue } from "@workloops/parser";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const file = `# who waits for an answer
fast_lane:1

manual>*:4   # everything else
`;

test("a value over several lines with comments", () => {
  const { tree, diagnostics } = parse(sourceValue(file));
  expect(diagnostics).toEqual([]);
  expect(plan(tree).join.queues).toEqual({ fast_lane: 1, "manual>*": 4 });
});

test("a place in the value is the place in the file", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."# \t\r\na:1>*\ufeff😀") }), (text) => {
      const value = sourceValue(text);
      expect(value.length).toBe(text.length);
      for (let i = 0; i < text.length; i += 1) {
        const commented = comments(text).some(({ start, end }) => i >= start && i < end);
        const mark = i === 0 && text.startsWith("\ufeff");
        expect(value[i]).toBe(commented || mark ? " " : text[i]);
      }
    }),
  );
});

test("a `#` inside a word begins no comment", () => {
  expect(sourceValue("manual>*:4#5")).toBe("manual>*:4#5");
  expect(comments("#a\r\n b #c").map(({ start, end }) => [start, end])).toEqual([
    [0, 2],
    [7, 9],
  ]);
});

describe("formatting a file", () => {
  test.each([
    ["manual>*:5", "manual>*:5\n"],
    [file, "# who waits for an answer\nfast_lane:1\n\nmanual>*:4 # everything else\n"],
    ["\n\n  a:1   b:2  \n\n\n\nc:3\n\n", "a:1 b:2\n\nc:3\n"],
    ["a:1\r\nb:2\r\n", "a:1\nb:2\n"],
    ["\ufeffa:1", "a:1\n"],
    ["a:1 b- #x  \n", "a:1 b- #x\n"],
    ["", "\n"],
  ])("%j becomes %j", (text, formatted) => {
    expect(formatSource(text)).toBe(formatted);
    expect(formatSource(formatted)).toBe(formatted);
  });

  test("what holds invisible white space is left to its fix", () => {
    expect(formatSource("a:1\u00a0b:2")).toBe("a:1\u00a0b:2");
  });

  test("neither groups nor comments are lost", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(..."# \t\na:1>*-"), maxLength: 40 }),
        (text) => {
          const parts = (source: string) => ({
            groups: parse(sourceValue(source)).tree.groups.map((g) => g.written ?? "sound"),
            comments: comments(source).map(({ start, end }) => source.slice(start, end).trimEnd()),
          });
          expect(parts(formatSource(text))).toEqual(parts(text));
        },
      ),
      { numRuns: 500 },
    );
  });
});
