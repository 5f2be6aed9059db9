import { applyAll, fromFile, openDocument, toFile } from "@workloops/language-service";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placedValue, places, workloopsIn } from "./places.ts";

const usual = "fast_lane:1 manual>*:4";

/** What each quoting may have to escape, and what each line may be cut at. */
const alphabet = ["a", ">", "*", ":", " ", "1", '"', "'", "\\", "$", "#", "%", "{", ","];
const short = ["", ...alphabet, ...alphabet.flatMap((a) => alphabet.map((b) => a + b))];
const realistic = [
  "*:5",
  "manual>*:5",
  "fast_lane:1 manual>*:4",
  "a:1\nb:2",
  "fast_lane:2 manual>*:4",
];

describe.each(places)("$name", (place) => {
  const document = openDocument(place.path, place.text);
  const value = workloopsIn(document);

  it("is read as its reader receives it", () => {
    expect(value?.text).toBe(place.value ?? usual);
  });

  it("maps out and back to where it was", () => {
    if (value === undefined) throw new Error("There is no value.");
    const whole = value.segments.map(({ text }) => value.text.slice(text.start, text.end)).join("");
    expect(whole).toBe(value.text);
    for (const { text, file } of value.segments) {
      expect(file.start).toBeGreaterThanOrEqual(value.span.start);
      expect(file.end).toBeLessThanOrEqual(value.span.end);
      if (text.end - text.start !== file.end - file.start) continue;
      const decoded = value.text.slice(text.start, text.end);
      if (!/\s/.test(decoded)) expect(place.text.slice(file.start, file.end)).toBe(decoded);
      for (let at = text.start; at < text.end; at += 1) {
        expect(fromFile(value, toFile(value, { start: at, end: at + 1 }).start)).toBe(at);
      }
    }
  });

  it("receives what is written, and every other byte stays", () => {
    for (const wanted of [...short, ...realistic]) writes(place, wanted);
  });

  it("receives any text that its place can hold", () => {
    const chars = fc.constantFrom(...alphabet, "\n", "b", "_", "é", "😀", "\t");
    fc.assert(
      fc.property(fc.array(chars, { maxLength: 12 }), (list) => writes(place, list.join(""))),
      { numRuns: 25, seed: 4 },
    );
  });
});

/** Writing never lies: it gives the wanted value and leaves the rest alone, or says that it cannot. */
function writes(place: (typeof places)[number], wanted: string): void {
  const value = placedValue(place);
  const edit = value?.write(wanted);
  if (value === undefined || edit === undefined) {
    expect(/^[\w>*: ]+$/.test(wanted) && wanted.trim() === wanted && mustHold(place)).toBe(false);
    return;
  }
  const { path, text } = place;
  const written = applyAll(text, [edit]);
  expect([wanted, placedValue({ path, text: written })?.text]).toEqual([wanted, wanted]);
  expect(edit.span.start).toBeGreaterThanOrEqual(Math.min(value.span.start, edit.span.start));
  expect(written.startsWith(text.slice(0, edit.span.start))).toBe(true);
  expect(written.endsWith(text.slice(edit.span.end))).toBe(true);
}

/** Places that can hold every configuration in one line. A row of a matrix has to look like one. */
function mustHold({ name }: (typeof places)[number]): boolean {
  return !/continued|over lines|backslash|here-document|folded|ConfigMap|literal|matrix|\.workloops/.test(
    name,
  );
}
