import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { pageOf, rules, ruleTable } from "@workloops/parser";
import { describe, expect, test } from "vitest";

const folder = new URL("../../docs/rules/", import.meta.url);
const write = process.env["WORKLOOPS_WRITE_DOCS"] === "1";

/** `WORKLOOPS_WRITE_DOCS=1 npx vitest run rule-pages` writes the pages; otherwise they are compared. */
describe("the page of a rule is what the rule says and does", () => {
  for (const { code } of rules) {
    test(code, () => {
      const file = new URL(`${code}.md`, folder);
      const page = pageOf(code);
      if (write) {
        mkdirSync(folder, { recursive: true });
        writeFileSync(file, page);
      }
      expect(existsSync(file) ? readFileSync(file, "utf8") : "no page").toBe(page);
    });
  }
});

test("the examples of a rule show it", () => {
  for (const { code } of rules) expect(pageOf(code), code).toContain(`[${code}]: `);
});

test("the list of pages has the table of these rules", () => {
  const file = new URL("README.md", folder);
  const before = existsSync(file) ? readFileSync(file, "utf8") : "";
  const section = `<!-- rules of the language, generated -->\n\n${ruleTable(rules)}\n\n<!-- end -->`;
  const after = before.replace(
    /<!-- rules of the language, generated -->[\s\S]*?<!-- end -->/,
    () => section,
  );
  if (write) writeFileSync(file, after);
  expect(before).toContain(section);
});

test("every page has its rule here or in the language service", () => {
  const pages = readdirSync(folder).map((file) => file.replace(/\.md$/, ""));
  for (const { code } of rules) expect(pages).toContain(code);
});
