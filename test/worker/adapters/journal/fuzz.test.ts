import { crc32 } from "node:zlib";
import { heldRuns, type JournalEntry } from "@workloops/worker/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  decodeLines,
  encodeLine,
} from "../../../../packages/worker/src/adapters/journal/journal-line.ts";
import { expectUnpolluted, mutationsOf } from "../../../hostile-values.ts";
import { either, fields, list, nothing, oneOf, optional, text, truth } from "../../../shape.ts";

const entries: readonly JournalEntry[] = [
  { type: "claimed", run: "a", token: "t", chain: "manual>*" },
  { type: "started", run: "a" },
  { type: "ending", run: "a", end: { reason: "success", errorType: null } },
  { type: "ended", run: "a" },
];

const isEntry = either(
  fields({ type: oneOf("claimed"), run: text, token: text, chain: text }),
  fields({ type: oneOf("started", "ended"), run: text }),
  fields({
    type: oneOf("ending"),
    run: text,
    end: fields({ reason: text, errorType: either(text, nothing) }),
  }),
);
const isHeld = fields({
  id: text,
  token: text,
  chain: text,
  started: truth,
  end: optional(fields({ reason: text })),
});

/** A line whose checksum is right, whatever stands in it: as another version might write it. */
const lineOf = (json: string): string => `${crc32(json).toString(16).padStart(8, "0")} ${json}\n`;

function expectRead(file: string): void {
  const { entries: read } = decodeLines(file);
  expect(list(isEntry)(read)).toBe(true);
  expect(list(isHeld)(heldRuns(read))).toBe(true);
}

test.each(entries)(
  "an entry $type with something wrong in any field is left out, or still an entry",
  (entry) => {
    const before = entries.slice(0, 2).map(encodeLine).join("");
    for (const { text: wrong } of mutationsOf(entry)) expectRead(before + lineOf(wrong));
    expectUnpolluted();
  },
);

test("any lines, whole, cut and mixed, are read without an error", () => {
  const line = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json().map(lineOf),
    fc.constantFrom(...entries.map(encodeLine)),
    fc
      .tuple(fc.constantFrom(...entries.map(encodeLine)), fc.nat(80))
      .map(([one, at]) => one.slice(0, at)),
  );
  fc.assert(
    fc.property(fc.array(line), (lines) => expectRead(lines.join(""))),
    { numRuns: 300 },
  );
  expectUnpolluted();
});
