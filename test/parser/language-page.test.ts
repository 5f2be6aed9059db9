import { readFileSync } from "node:fs";
import { defaultLimits, ebnf, jsonSchemaPattern, repair } from "@workloops/parser";
import { expect, test } from "vitest";
import { drawings } from "../../scripts/draw-grammar.mjs";
import { blocks } from "../docs-blocks.ts";

const docs = new URL("../../docs/", import.meta.url);
const page = readFileSync(new URL("language.md", docs), "utf8");

test("the grammar and the pattern of the page are those that are proven", () => {
  const shown = (language: string) =>
    blocks(page).flatMap((block) => (block.language === language ? [block.text] : []));
  expect(shown("ebnf")).toEqual([ebnf.trimEnd()]);
  expect(shown("text")).toEqual([jsonSchemaPattern]);
});

test("the drawings are those of the grammar, and all of them stand in the page", () => {
  for (const [name, svg] of drawings(ebnf)) {
    const path = `language/${name}.svg`;
    expect(readFileSync(new URL(path, docs), "utf8"), path).toBe(svg);
    expect(page).toContain(`](${path})`);
  }
});

test("the limits of the page are the limits", () => {
  for (const limit of Object.values(defaultLimits)) {
    expect(page).toMatch(new RegExp(`^\\| [^|]+ \\| ${limit.toLocaleString("en-US")}\\b`, "m"));
  }
});

test("the repairs of the page are what repair finds", () => {
  const rows = [...page.matchAll(/^\| `([^`]+)` \| `([^`]+)` \|$/gm)];
  expect(rows).toHaveLength(3);
  for (const [, written = "", repaired] of rows) expect(repair(written)?.text).toBe(repaired);
});
