import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { blocks } from "../docs-blocks.ts";
import { copyOf, folderWith, service, workloops } from "./run-command.ts";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/ci.md"), "utf8");

/** Every `run` and `script` of a pipeline. */
function scripts(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(scripts);
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => {
    if (key === "run" && typeof value === "string") return [value];
    if (key === "script") return [value].flat().map(String);
    return scripts(value);
  });
}

/** The arguments of `workloops` in a command of the page, which takes the package from the registry. */
function argumentsIn(command: string): string[] {
  const [, args] = /^npx --yes workloops@[\d.]+ (.*)$/.exec(command) ?? [];
  if (args === undefined) throw new Error(`${command} does not run workloops.`);
  return args.split(" ");
}

describe("docs/ci.md", () => {
  const commands = blocks(page)
    .filter(({ language }) => language === "yaml")
    .flatMap(({ text }) => scripts(load(text)));

  it("has pipelines with commands", () => expect(commands.length).toBeGreaterThanOrEqual(2));

  it.each(commands)("passes a good project and fails a bad one: %s", async (command) => {
    const args = argumentsIn(command);
    expect((await workloops(copyOf("compose/clean"), args)).code).toBe(0);
    const bad = folderWith({ "compose.yaml": service("WORKER_WORKLOOPS: manual>*4") });
    expect((await workloops(bad, args)).code).toBe(1);
  });

  it("lists the exit codes and settings that there are", () => {
    const schema = JSON.parse(
      readFileSync(join(root, "packages/cli/schemas/workloops.config.schema.json"), "utf8"),
    ) as { properties: Record<string, { default?: number }> };
    const rows = [...page.matchAll(/^\| `(\w+)` \| (\S+) \|/gm)].map(([, name, usual]) => [
      name,
      usual,
    ]);
    const known = Object.entries(schema.properties).filter(([name]) => name !== "$schema");
    expect(rows).toEqual(
      known.map(([name, { default: usual }]) => [name, String(usual ?? "none")]),
    );
  });
});

it("the problem matcher takes the pretty output apart", async () => {
  const matcher = JSON.parse(
    readFileSync(join(root, ".github/workloops-matcher.json"), "utf8"),
  ) as {
    problemMatcher: { pattern: { regexp: string }[] }[];
  };
  const [first, second] = matcher.problemMatcher[0]?.pattern ?? [];
  const folder = folderWith({ "compose.yaml": service("WORKER_WORKLOOPS: manual>*4") });
  const [head = "", place = ""] = (await workloops(folder, ["lint", "."])).out.split("\n");
  expect(new RegExp(first?.regexp ?? "").exec(head)?.slice(1, 3)).toEqual([
    "error",
    "capacity-missing",
  ]);
  expect(new RegExp(second?.regexp ?? "").exec(place)?.slice(1)).toEqual([
    "compose.yaml",
    "7",
    "25",
  ]);
});

it("the action and the hooks run the command as it is", async () => {
  const action = load(readFileSync(join(root, "action.yml"), "utf8")) as {
    runs: { steps: { run: string; env: Record<string, string> }[] };
  };
  const [step] = action.runs.steps;
  // An input is a variable of the script, never a part of its text.
  expect(step?.run).not.toContain("${{");
  expect(step?.run).toContain('lint "${reports[@]}" --fail-on "$FAIL_ON" -- "${paths[@]}"');
  const args = ["lint", "--format", "github", "--fail-on", "error", "--", "."];
  expect((await workloops(copyOf("compose/clean"), args)).code).toBe(0);

  const hooks = load(readFileSync(join(root, ".pre-commit-hooks.yaml"), "utf8")) as {
    entry: string;
    files: string;
  }[];
  for (const { entry, files } of hooks) {
    const [program, ...rest] = entry.split(" ");
    expect(program).toBe("workloops");
    expect((await workloops(copyOf("compose/clean"), [...rest, "compose.yaml"])).code).toBe(0);
    for (const path of ["compose.yaml", "a/.env.local", "Dockerfile", "x/lanes.workloops"]) {
      expect(path).toMatch(new RegExp(files));
    }
    expect("src/index.ts").not.toMatch(new RegExp(files));
  }
});
