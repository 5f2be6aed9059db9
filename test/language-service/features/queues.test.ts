import {
  highlight,
  openDocument,
  prepareRename,
  references,
  rename,
  usedQueues,
} from "@workloops/language-service";
import { describe, expect, test } from "vitest";
import { cursor, edited, underlined } from "./cursor.ts";
import { samples } from "./samples.ts";

const documents = samples.map(([uri, text]) => openDocument(uri, text));

describe("a queue", () => {
  test("is highlighted wherever it stands in the document", () => {
    const { document, offset } = cursor(
      "file:///p/.env",
      "WORKER_WORKLOOPS=man$0ual:1 fast_lane>manual>*:4\n",
    );
    expect(underlined(document.text, highlight(document, offset))).toBe(
      [
        "WORKER_WORKLOOPS=manual:1 fast_lane>manual>*:4",
        "                 ^^^^^^             ^^^^^^",
      ].join("\n"),
    );
  });

  test("is found in every host, through every quoting", () => {
    const found = references(documents, "fast_lane");
    const texts = new Map(documents.map(({ uri, text }) => [uri, text]));
    expect(found.map(({ uri, span }) => texts.get(uri)?.slice(span.start, span.end))).toEqual(
      found.map(() => "fast_lane"),
    );
    expect([...new Set(found.map(({ uri }) => uri))]).toEqual(samples.map(([uri]) => uri));
  });

  test("is renamed everywhere, and nothing else changes", () => {
    const { document, offset } = cursor("file:///p/x.env", "WORKER_WORKLOOPS=fast_lane$0:1\n");
    const renaming = rename(document, offset, "express", [document, ...documents]);
    if (!renaming.ok) throw new Error(renaming.why);
    expect(renaming.edits.size).toBe(samples.length + 1);
    for (const { uri, text } of documents) {
      const expected = text.replaceAll("fast_lane", "express");
      expect(edited(text, renaming.edits.get(uri) ?? [])).toBe(expected);
    }
  });

  test.each(["", "a-b", "*", "a b", "é", "a".repeat(65)])("is not renamed to %j", (name) => {
    const { document, offset } = cursor("file:///p/x.env", "WORKER_WORKLOOPS=fast_lane$0:1\n");
    const renaming = rename(document, offset, name, [document]);
    expect(renaming).toMatchObject({ ok: false, why: expect.stringContaining("letters, digits") });
  });

  test.each([
    ["a wildcard", "WORKER_WORKLOOPS=manual>*$0:1\n"],
    ["a number", "WORKER_WORKLOOPS=manual>*:1$0 \n"],
    ["another line", "A=1$0\nWORKER_WORKLOOPS=manual:1\n"],
  ])("is not at %s", (_, picture) => {
    const { document, offset } = cursor("file:///p/x.env", picture);
    expect(prepareRename(document, offset)).toBeUndefined();
    expect(highlight(document, offset)).toEqual([]);
    expect(rename(document, offset, "x", [document]).ok).toBe(false);
  });

  test("is counted once, in the order in which it is met", () => {
    expect(usedQueues(documents)).toEqual(["fast_lane", "manual", "default"]);
  });
});
