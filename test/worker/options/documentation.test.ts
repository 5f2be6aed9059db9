import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { optionsMarkdown } from "../../../packages/worker/src/options/help.ts";

const page = new URL("../../../docs/worker.md", import.meta.url);

// `vitest run test/worker/options -u` writes the page anew.
test("docs/worker.md holds the table of options as it is", async () => {
  const text = readFileSync(page, "utf8");
  const [before, rest = ""] = text.split("<!-- options -->\n");
  const [, after] = rest.split("<!-- end of options -->");
  const expected = `${before}<!-- options -->\n${optionsMarkdown()}\n<!-- end of options -->${after}`;
  await expect(expected).toMatchFileSnapshot(page.pathname);
});
