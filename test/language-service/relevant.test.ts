import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openDocument } from "@workloops/language-service";
import fc from "fast-check";
import { expect, it } from "vitest";
import { relevant } from "../../packages/language-service/src/yaml/relevant.ts";
import { readPicture } from "./picture.ts";

const filler = "volumes:\n  a: { driver: local }\nnetworks:\n  - one\n".repeat(30);

it("keeps every offset", () => {
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
      // A line is there with all its characters, or it is part of a comment.
      let at = 0;
      for (const shown of kept.split("\n")) {
        const written = text.slice(at, at + shown.length);
        if (shown !== written) expect(shown).toMatch(/^#+$/);
        at += shown.length + 1;
      }
    }),
    { seed: 3, numRuns: 100 },
  );
});

it("takes out what holds nothing of ours, and leaves the rest", () => {
  const text = `${filler}services:\n  w:\n    environment:\n      WORKER_WORKLOOPS: manual>*:4\n`;
  expect(relevant(text).replace(/^#+\n/gm, "")).toMatch(/^services:\n/);
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
