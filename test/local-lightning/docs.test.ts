import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { faultTable } from "@workloops/local-lightning";
import { violationMeanings } from "@workloops/local-lightning/run-ledger";
import { expect, test } from "vitest";

const page = readFileSync(
  join(resolve(import.meta.dirname, "../.."), "docs/local-lightning.md"),
  "utf8",
);

function table(name: string): string {
  const [, held] = page.split(new RegExp(`<!-- /?${name} -->`));
  return (held ?? "").trim();
}

test("the page shows the faults of the table", () => {
  const rows = faultTable.map(
    ({ kind, does, matrix }) => `| \`${kind}\` | ${does} | ${matrix.join(", ")} |`,
  );
  const expected = ["| kind | what happens | matrix |", "| --- | --- | --- |", ...rows].join("\n");
  expect(table("faults")).toBe(expected);
});

test("the page shows every violation with its meaning", () => {
  const rows = Object.entries(violationMeanings).map(([kind, text]) => `| \`${kind}\` | ${text} |`);
  const expected = ["| kind | meaning |", "| --- | --- |", ...rows].join("\n");
  expect(table("violations")).toBe(expected);
});

test("the page has a line for each route", () => {
  const routes = ["/runs", "/runs/:id", "/status", "/violations", "/faults", "/health_check"];
  for (const route of routes) expect(page).toContain(`${route}\``);
});
