import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const page = read("docs/operate.md");

test("each sentence of the page about a lane is one that the worker says", () => {
  const source = read("packages/worker/src/core/snapshot.ts");
  for (const sentence of [
    "full: all",
    "the server had nothing for it",
    "backing off",
    "its last claim was refused",
    "its claim is unanswered for",
    "the worker has not joined Lightning's queue",
    "polling is off",
    "the worker is draining",
  ]) {
    expect(page).toContain(sentence);
    expect(source).toContain(sentence);
  }
});
