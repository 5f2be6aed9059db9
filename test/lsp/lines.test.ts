import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lines, offsetAt, positionAt } from "../../packages/lsp/src/lines.ts";

const texts = fc.string({
  unit: fc.constantFrom("a", "\n", "\r", "\r\n", "é", "€", "😀", "\u2028", "\ud800"),
  maxLength: 30,
});

describe("positions", () => {
  test.each([
    ["a😀b", 3, { line: 0, character: 3 }, { line: 0, character: 5 }],
    ["é\r\n€x", 4, { line: 1, character: 1 }, { line: 1, character: 3 }],
    ["a\rb\nc", 4, { line: 2, character: 0 }, { line: 2, character: 0 }],
    ["a\u2028b", 2, { line: 0, character: 2 }, { line: 0, character: 4 }],
    ["ab", 9, { line: 0, character: 2 }, { line: 0, character: 2 }],
  ])("%j at %i", (text, offset, utf16, utf8) => {
    expect(positionAt(lines(text), offset, "utf-16")).toEqual(utf16);
    expect(positionAt(lines(text), offset, "utf-8")).toEqual(utf8);
  });

  test("there and back is the identity at every character boundary, in both encodings", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const index = lines(text);
        for (let at = 0; at <= text.length; at += 1) {
          const insideBreak = text[at - 1] === "\r" && text[at] === "\n";
          const code = text.charCodeAt(at);
          const before = text.charCodeAt(at - 1);
          const insidePair = code >= 0xdc00 && code < 0xe000 && before >= 0xd800 && before < 0xdc00;
          if (insideBreak || insidePair) continue;
          for (const encoding of ["utf-16", "utf-8"] as const) {
            expect(offsetAt(index, positionAt(index, at, encoding), encoding)).toBe(at);
          }
        }
      }),
    );
  });

  test("lines begin behind CR LF, LF and a lone CR, and nowhere else", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const rows = text.split(/\r\n|\r|\n/);
        const { starts } = lines(text);
        expect(starts.length).toBe(rows.length);
        for (const [line, row] of rows.entries()) {
          expect(text.slice(starts[line], (starts[line] ?? 0) + row.length)).toBe(row);
        }
      }),
    );
  });

  test("utf-8 counts the bytes that an encoder writes", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const index = lines(text);
        const start = index.starts.at(-1) ?? 0;
        const last = text.slice(start);
        expect(positionAt(index, text.length, "utf-8").character).toBe(Buffer.byteLength(last));
      }),
    );
  });

  test.each([
    ["a line that is not there", "ab\ncd", { line: 9, character: 0 }, 5],
    ["a character past its line", "ab\r\ncd", { line: 0, character: 99 }, 2],
    ["a negative line", "ab", { line: -1, character: 4 }, 0],
    ["a negative character", "ab\ncd", { line: 1, character: -3 }, 3],
  ])("%s is the nearest place", (_, text, position, offset) => {
    expect(offsetAt(lines(text), position, "utf-16")).toBe(offset);
  });
});
