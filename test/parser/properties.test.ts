import { applyEdits, fixes, format, parse, plan, print, repair } from "@workloops/parser";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { faultOf } from "./faults-of-tree.ts";
import { accepts, errorCount } from "./reference.ts";

const name = fc.stringMatching(/^[A-Za-z0-9_]{1,64}$/);
const chain = fc
  .tuple(fc.array(name, { maxLength: 6 }), fc.boolean())
  .map(([names, wild]) => (wild || names.length === 0 ? [...names, "*"] : names));
const group = fc.record({ queues: chain, capacity: fc.integer({ min: 1, max: 10_000 }) });
const space = fc.stringMatching(/^[ \t\r\n]{1,4}$/);
const valid = fc.array(fc.tuple(group, space), { minLength: 1, maxLength: 40 });

const write = ({ queues, capacity }: { queues: readonly string[]; capacity: number }) =>
  `${queues.join(">")}:${capacity}`;

/** Texts that are nearly configurations: their characters, and some of every other kind. */
const nearly = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...":>* \n,-10a_") },
      { weight: 2, arbitrary: name },
      { weight: 2, arbitrary: group.map(write) },
      {
        weight: 1,
        arbitrary: fc.constantFrom("\u00a0", "\ufeff", "\u2028", "\u200b", "\0", "\ud800"),
      },
      { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 3 }) },
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(""));

const errorsOf = (text: string) =>
  parse(text).diagnostics.filter(({ severity }) => severity === "error");

describe("any valid configuration", () => {
  test("is read as it was meant", () => {
    fc.assert(
      fc.property(valid, (parts) => {
        const text = parts.map(([each, gap]) => write(each) + gap).join("");
        const { tree } = parse(text);
        const groups = parts.map(([each]) => each);
        expect(plan(tree).groups.map(({ queues, capacity }) => ({ queues, capacity }))).toEqual(
          groups,
        );
        expect(print(tree)).toBe(groups.map(write).join(" "));
        expect(format(format(text))).toBe(format(text));
        expect(repair(text)?.cost ?? 0).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});

describe("any text", () => {
  test("has a tree, exact places, and an error exactly where one belongs", () => {
    fc.assert(
      fc.property(fc.oneof(nearly, fc.string({ unit: "binary" })), (text) => {
        const result = parse(text);
        expect(faultOf(text, result)).toBeUndefined();
        const errors = errorsOf(text);
        expect(errors.length === 0).toBe(accepts(text));
        const spaces = errors.filter(({ code }) => code === "white-space-invalid").length;
        expect(errors.length - spaces).toBe(errorCount(text));
      }),
      { numRuns: 3_000 },
    );
  });

  test("keeps what it means when it is formatted", () => {
    fc.assert(
      fc.property(nearly, (text) => {
        const before = parse(text).tree.groups;
        const after = parse(format(text)).tree.groups;
        const meaning = (groups: typeof before) =>
          groups.map(
            (g) =>
              g.written ?? [g.chain.queues.map((q) => "name" in q && q.name), g.capacity?.value],
          );
        expect(meaning(after)).toEqual(meaning(before));
      }),
      { numRuns: 1_000 },
    );
  });

  test("is ended by each of its fixes that keeps the meaning, and valid after a repair", () => {
    fc.assert(
      fc.property(nearly, (text) => {
        for (const problem of errorsOf(text)) {
          for (const fix of fixes(text, problem)) {
            const fixed = applyEdits(text, fix.edits);
            const left = errorsOf(fixed).length;
            if (fix.meaning === "keeps") expect(left).toBeLessThanOrEqual(errorsOf(text).length);
            if (fix.title.startsWith("Write `")) expect(left).toBe(0);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

test("a text longer than one piece is read as one", () => {
  fc.assert(
    fc.property(valid, fc.integer({ min: 0, max: 40 }), (parts, shift) => {
      const some = parts
        .slice(0, 8)
        .map(([each, gap]) => write(each) + gap)
        .join("");
      const times = Math.floor(60_000 / some.length);
      const text = `${" ".repeat(shift)}${some.repeat(Math.min(times, Math.floor(1_000 / 8)))}`;
      const { tree, diagnostics } = parse(text);
      expect(faultOf(text, { tree, diagnostics })).toBeUndefined();
      expect(tree.groups.map((g) => text.slice(g.span.start, g.span.end))).toEqual(
        text.split(/\s+/).filter((word) => word !== ""),
      );
    }),
    { numRuns: 20 },
  );
});

test("a long text of nothing but errors is answered, and bounded", () => {
  for (const part of ["> ", ":", "\u00a0", "a ", "*", "-\u2028", "😀 "]) {
    const text = part.repeat(65_536 / part.length);
    expect(parse(text).diagnostics.length).toBeLessThanOrEqual(2_002);
  }
});
