import { readFileSync } from "node:fs";
import { applyAll, diagnose, openDocument, toFile } from "@workloops/language-service";
import { check, parse } from "@workloops/parser";
import { describe, expect, it } from "vitest";
import { calm } from "./picture.ts";
import { placedValue, places, workloopsIn } from "./places.ts";

const vectors = JSON.parse(
  readFileSync(new URL("../conformance/parse-vectors.json", import.meta.url), "utf8"),
) as { input: string }[];
const inputs = [...new Set(vectors.map(({ input }) => input))];

/** Rules that look at more than the value. */
const around = new Set([...Object.keys(calm().severities ?? {}), "capacity-exclusivity"]);
const lanesOnly = new Set(["fast-lane-not-preferred"]);

/**
 * A value is judged alike wherever it stands: whatever a place can hold gives the findings of
 * the bare text, each at the characters that it speaks of.
 */
describe.each(places)("$name", ({ path, text }) => {
  it("gives what the bare value gives, at its place", async () => {
    const before = placedValue({ path, text });
    let held = 0;
    for (const input of inputs) {
      const edit = before?.write(input);
      if (edit === undefined) continue;
      held += 1;
      const written = applyAll(text, [edit]);
      const document = openDocument(path, written);
      const value = workloopsIn(document);
      if (value === undefined) throw new Error(`${JSON.stringify(input)} is lost.`);
      const { tree, diagnostics } = parse(input);
      const wanted = [...diagnostics, ...check(tree, {})].map(({ code, span }) => {
        const { start, end } = toFile(value, span);
        return code === "empty" ? code : `${code} ${written.slice(start, end)}`;
      });
      const found = (await diagnose(document)).flatMap(({ code, span }) => {
        if (around.has(code) && !lanesOnly.has(code)) return [];
        // An empty value has no character: its quotes or its entry stand for it.
        return code === "empty" ? code : `${code} ${written.slice(span.start, span.end)}`;
      });
      expect([input, found.sort()]).toEqual([input, wanted.sort()]);
    }
    expect(held).toBeGreaterThan(50);
  });
});
