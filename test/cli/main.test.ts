import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { commandTable } from "../../packages/cli/src/command-table.ts";
import { workloops } from "./run-command.ts";

it("lists every command", async () => {
  const { code, out } = await workloops("/", ["--help"]);
  expect(code).toBe(0);
  for (const { name, summary } of commandTable)
    expect(out).toMatch(new RegExp(`^  ${name} +${summary}$`, "m"));
});

it.each([
  [["lnt"], 'there is no command "lnt". Did you mean `lint`?'],
  [["print-confg", "x"], "Did you mean `print-config`?"],
  [["zzzzzz"], "`workloops --help` lists the commands."],
])("says what is wrong with %j", async (args, said) => {
  const { code, err, out } = await workloops("/", args);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toContain(said);
});

it("is wrong use without a command", async () => {
  const { code, err } = await workloops("/", []);
  expect(code).toBe(2);
  expect(err).toContain("Usage: workloops COMMAND");
});

it("takes a leading -- as package managers pass it", async () => {
  expect((await workloops("/", ["--", "--version"])).code).toBe(0);
});

it("help COMMAND is COMMAND --help", async () => {
  const { code, out } = await workloops("/", ["help", "lint"]);
  expect(code).toBe(0);
  expect(out).toContain("Usage: workloops lint PATH…");
});

it("names one bundle for each group, and lint's is its own", () => {
  const rows = readFileSync(new URL("../../scripts/bundle.mjs", import.meta.url), "utf8");
  for (const { bundle } of commandTable)
    expect(rows).toContain(`packages/cli/dist/bundle/${bundle}`);
  const withLint = commandTable
    .filter(({ bundle }) => bundle === "lint.cjs")
    .map(({ name }) => name);
  expect(withLint).toEqual(["lint", "migrate", "init", "print-config"]);
});
