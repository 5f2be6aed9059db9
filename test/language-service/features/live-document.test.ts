import {
  type Document,
  editLive,
  live,
  openDocument,
  type Segment,
} from "@workloops/language-service";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { samples } from "./samples.ts";

/** Everything that is read of a document, with functions replaced by what they answer. */
function known(document: Document): unknown {
  const { text, host, regions, processes, traps, problems } = document;
  return JSON.parse(
    JSON.stringify({ text, host, regions, processes, traps, problems }, (key, value) => {
      if (key === "segments") return joined(value);
      if (key !== "write" || typeof value !== "function") return value;
      return ["a:1", "fast_lane:1 manual>*:44", ""].map((next) => applied(document, value(next)));
    }),
  );
}

// Stretches that follow each other in value and file are one, however they were found.
function joined(segments: readonly Segment[]): Segment[] {
  const found: Segment[] = [];
  for (const segment of segments) {
    const last = found.at(-1);
    const follows =
      last !== undefined &&
      even(last) &&
      even(segment) &&
      last.text.end === segment.text.start &&
      last.file.end === segment.file.start;
    if (!follows) found.push(segment);
    else {
      found.pop();
      found.push({
        text: { start: last.text.start, end: segment.text.end },
        file: { start: last.file.start, end: segment.file.end },
      });
    }
  }
  return found;
}

const even = ({ text, file }: Segment) => text.end - text.start === file.end - file.start;

type Written =
  | { readonly span: { readonly start: number; readonly end: number }; readonly text: string }
  | undefined;

// Two edits are the same when they make the same text; which characters they repeat is free.
function applied({ text }: Document, edit: Written): string | null {
  return edit === undefined
    ? null
    : text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end);
}

interface Keystroke {
  readonly region: number;
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

const keystrokes: fc.Arbitrary<Keystroke[]> = fc.array(
  fc.record({
    region: fc.nat(20),
    at: fc.nat(60),
    remove: fc.constantFrom(0, 0, 0, 1, 1, 2, 5),
    insert: fc.oneof(
      {
        weight: 8,
        arbitrary: fc.constantFrom("a", "_", "1", "0", ":", ">", "*", " ", "fast_lane", ">*:4", ""),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          "\n",
          "#",
          " #",
          '"',
          "'",
          "$",
          "${X}",
          "\\",
          "- ",
          ": ",
          "{",
          "é",
          "😀",
          "\t",
        ),
      },
    ),
  }),
  { minLength: 1, maxLength: 12 },
);

describe("an edit is mapped as if the whole document had been read again", () => {
  test.each(samples)("%s", (uri, text) => {
    fc.assert(
      fc.property(keystrokes, (strokes) => {
        let now = live(uri, text);
        for (const stroke of strokes) {
          const { regions, text: current } = now.document;
          const region = regions[stroke.region % Math.max(1, regions.length)];
          // Around the value, so that its quotes and its name are hit too.
          const from = Math.max(0, (region?.content.start ?? 0) - 3);
          const start = Math.min(current.length, from + stroke.at);
          const end = Math.min(current.length, start + stroke.remove);
          now = editLive(now, { span: { start, end }, text: stroke.insert });
          expect(known(now.document)).toEqual(known(openDocument(uri, now.document.text)));
        }
      }),
      { numRuns: 25 },
    );
  });

  test("typing inside a quoted value does not read the file again", () => {
    const [uri, text] = samples[3] ?? ["", ""];
    let now = live(uri, text);
    const { base } = now;
    const value = now.document.regions[0];
    if (value === undefined) throw new Error("The sample has lost its first value.");
    let at = value.content.end;
    for (const key of " default:12") {
      now = editLive(now, { span: { start: at, end: at }, text: key });
      at += 1;
    }
    expect(now.base).toBe(base);
    expect(now.document.regions[0]?.text).toBe("fast_lane:1 manual>*:4 default:12");
  });
});
