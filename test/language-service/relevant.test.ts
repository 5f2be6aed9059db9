import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openDocument } from "@workloops/language-service";
import fc from "fast-check";
import { expect, it } from "vitest";
import { relevant } from "../../packages/language-service/src/yaml/relevant.ts";
import { readPicture } from "./picture.ts";

const filler = "volumes:\n  a: { driver: local }\nnetworks:\n  - one\n".repeat(30);

it("keeps every offset and every line", () => {
  const line = fc.constantFrom(
    "a: 1",
    "  b: x",
    "WORKER_WORKLOOPS: manual>*:4",
    "- c",
    "---",
    "# d",
    "'k': |",
    "  text: y",
    "}",
    "",
    "é: 😀",
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 400 }), (lines) => {
      const text = lines.join("\n");
      const kept = relevant(text);
      expect(kept.length).toBe(text.length);
      expect(kept.split("\n").length).toBe(lines.length === 0 ? 1 : lines.length);
      for (const [i, shown] of kept.split("\n").entries())
        expect([lines[i] ?? "", (lines[i] ?? "") && "#".padEnd((lines[i] ?? "").length)]).toContain(
          shown,
        );
    }),
    { seed: 3, numRuns: 100 },
  );
});

it("takes out what holds nothing of ours, and leaves the rest", () => {
  const text = `${filler}services:\n  w:\n    environment:\n      WORKER_WORKLOOPS: manual>*:4\n`;
  expect(relevant(text).replace(/^#? *\n/gm, "")).toMatch(/^services:\n/);
  expect(relevant(`x: &a 1\n${text}`)).toContain("volumes");
});

/** Every YAML fixture reads alike with two hundred lines of other things around it. */
it("changes nothing that is found", () => {
  const root = join(import.meta.dirname, "../fixtures");
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) =>
    /\.ya?ml$/.test(file),
  );
  for (const file of files) {
    const { text } = readPicture(readFileSync(join(root, file), "utf8"));
    const found = (source: string) =>
      openDocument(file, source).processes.map(({ name, given }) => [
        name,
        given.map((one) => [
          one.name,
          one.value?.text,
          one.value?.certainty,
          one.value && source.slice(one.value.span.start, one.value.span.end),
        ]),
      ]);
    if (!text.startsWith("#") && !text.startsWith("-"))
      expect([file, found(`${text}\n${filler}`)]).toEqual([file, found(text)]);
  }
  expect(files.length).toBeGreaterThan(20);
});
