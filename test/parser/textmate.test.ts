import { classOf, parse, sourceValue } from "@workloops/parser";
import { expect, test } from "vitest";
import { tokenize } from "../vscode/tokens.ts";
import { texts } from "./reference.ts";

const lexicalErrors: readonly string[] = ["unknown", "comma", "odd-space"];

/** One letter for each character of a text, by the scope that the TextMate grammar gives it. */
async function colours(text: string): Promise<string> {
  const lines: string[] = [];
  for (const { line, text: part, scopes } of await tokenize("source.workloops", text, "plain")) {
    const scope = scopes.at(-1) ?? "";
    lines[line] = (lines[line] ?? "") + letterOf(scope).repeat(part.length);
  }
  // A tokenizer sees each line with the end that it adds itself.
  return text
    .split("\n")
    .map((line, i) => (lines[i] ?? "").slice(0, line.length).padEnd(line.length, " "))
    .join("\n");
}

function letterOf(scope: string): string {
  if (scope.startsWith("invalid.")) return "!";
  if (scope.startsWith("comment.")) return "#";
  if (scope.startsWith("entity.")) return "q";
  if (scope.startsWith("constant.")) return "n";
  if (scope.startsWith("keyword.operator.wildcard")) return "*";
  if (scope.startsWith("keyword.operator.preference")) return ">";
  return scope.startsWith("punctuation.") ? ":" : " ";
}

test("invalid.* is exactly where a lexical error stands", async () => {
  const alphabet = ["a", "1", ">", ":", "-", ",", "#", " ", "\n", "\u00a0", "\ufeff"];
  for (const text of texts(alphabet, 4)) {
    const value = sourceValue(text);
    const expected = [...value]
      .map((c) => (lexicalErrors.includes(classOf(c)) ? "!" : "."))
      .join("");
    const found = (await colours(text)).replace(/[^!]/g, ".");
    if (found !== expected) expect.fail(`${JSON.stringify(text)}: ${found}, not ${expected}`);
  }
}, 120_000);

test("each part of a group has its scope", async () => {
  for (const text of texts(["a", "1", ">", ":", "*", " ", "\n"], 5)) {
    const { tree } = parse(text);
    const shown = await colours(text);
    for (const { broken, chain, capacity } of tree.groups) {
      if (broken) continue;
      for (const { kind, span } of [...chain.queues, ...(capacity ? [capacity] : [])]) {
        const letter = { queue: "q", wildcard: "*", capacity: "n" }[kind];
        expect([text, shown.slice(span.start, span.end)]).toEqual([
          text,
          letter.repeat(span.end - span.start),
        ]);
      }
    }
  }
}, 120_000);

test("a file with comments", async () => {
  expect(await colours("# who waits\nfast_lane:1 manual>*:4 # the rest\na#b:1")).toBe(
    "###########\nqqqqqqqqq:n qqqqqq>*:n ##########\nq!q:n",
  );
});
