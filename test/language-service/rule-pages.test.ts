import { existsSync, readFileSync, writeFileSync } from "node:fs";
import {
  diagnose,
  exampleFile,
  hostPageOf,
  hostRules,
  openDocument,
} from "@workloops/language-service";
import { ruleTable } from "@workloops/parser";
import { describe, expect, it, test } from "vitest";

const folder = new URL("../../docs/rules/", import.meta.url);
const write = process.env["WORKLOOPS_WRITE_DOCS"] === "1";

/** `WORKLOOPS_WRITE_DOCS=1 npx vitest run rule-pages` writes the pages; otherwise they are compared. */
describe("the page of a rule is what the rule says and does", () => {
  it.each(hostRules.map(({ code }) => code))("%s", async (code) => {
    const file = new URL(`${code}.md`, folder);
    const page = (await hostPageOf(code)) ?? "";
    if (write) writeFileSync(file, page);
    expect(page).toContain(`[${code}]: `);
    expect(existsSync(file) ? readFileSync(file, "utf8") : "no page").toBe(page);
  });

  it.each(hostRules.map((rule) => [rule.code, rule] as const))(
    "the good example of %s has no problem",
    async (code, { good: { language, text } }) => {
      const found = await diagnose(openDocument(exampleFile(language, text), text));
      const wrong = found.filter((finding) => finding.severity !== "hint" || finding.code === code);
      expect(wrong.map(({ message }) => message)).toEqual([]);
    },
  );
});

test("the list of pages has the table of these rules", () => {
  const file = new URL("README.md", folder);
  const before = readFileSync(file, "utf8");
  const section = `<!-- rules of files, generated -->\n\n${ruleTable(hostRules)}\n\n<!-- end of files -->`;
  const known = /<!-- rules of files, generated -->[\s\S]*?<!-- end of files -->/;
  if (write) {
    const heading = `## Of the files around it\n\nThese need the file that a value stands in, or others that the same worker reads.\n\n`;
    const after = known.test(before)
      ? before.replace(known, () => section)
      : `${before.trimEnd()}\n\n${heading}${section}\n`;
    writeFileSync(file, after);
  }
  expect(readFileSync(file, "utf8")).toContain(section);
});
