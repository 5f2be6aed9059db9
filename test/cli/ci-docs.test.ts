import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, readdirSync, readFileSync } from "node:fs";
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

/** How GitHub's runner starts bash. */
const runnersFlags = ["--noprofile", "--norc", "-eo", "pipefail"];

/**
 * Runs a command line in a shell. The package is not in a registry yet, so `npx` is this
 * repository's command; `docker` and `helm` print what they make of a project.
 */
function inShell(folder: string, line: string, env: Record<string, string> = {}) {
  const bin = folderWith({
    npx: `#!/bin/sh\n[ "$1" = --yes ] && shift\ncase "$1" in workloops@*) shift ;; *) exit 99 ;; esac\nexec workloops "$@"\n`,
    workloops: `#!/bin/sh\nexec '${process.execPath}' '${join(root, "packages/cli/bin/workloops.cjs")}' "$@"\n`,
    docker: '#!/bin/sh\n[ "$1 $2" = "compose config" ] || exit 99\ncat compose.yaml\n',
    helm: '#!/bin/sh\n[ "$1" = template ] || exit 99\ncat manifests.yaml\n',
  });
  for (const name of readdirSync(bin)) chmodSync(join(bin, name), 0o755);
  const path = `${bin}:${process.env["PATH"]}`;
  const options = { cwd: folder, encoding: "utf8", env: { PATH: path, ...env } } as const;
  const { status, stdout, stderr } = spawnSync("bash", [...runnersFlags, "-c", line], options);
  return { code: status, out: stdout, err: stderr };
}

const bad = () =>
  folderWith({
    "compose.yaml": service("WORKER_WORKLOOPS: manual>*4"),
    "manifests.yaml":
      "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c }\ndata:\n  WORKER_WORKLOOPS: manual>*4\n",
  });
const good = () => {
  const folder = copyOf("compose/clean");
  cpSync(join(copyOf("kubernetes/clean"), "worker.yaml"), join(folder, "manifests.yaml"));
  return folder;
};

const hooksOfRepository = load(readFileSync(join(root, ".pre-commit-hooks.yaml"), "utf8")) as {
  id: string;
  entry: string;
  files: string;
}[];

describe("docs/ci.md", () => {
  const commands = blocks(page)
    .filter(({ language }) => language === "yaml")
    .flatMap(({ text }) => scripts(load(text)));

  it("has pipelines with commands", () => expect(commands.length).toBeGreaterThanOrEqual(2));

  it.each(commands)("passes a good project and fails a bad one: %s", (command) => {
    expect(command).toMatch(/^npx --yes workloops@\d+\.\d+\.\d+ lint /);
    expect(inShell(good(), command)).toMatchObject({ code: 0, err: "" });
    expect(inShell(bad(), command)).toMatchObject({ code: 1, err: "" });
  });

  const piped = blocks(page).flatMap(({ text }) =>
    text.split("\n").filter((line) => line.includes("| workloops lint --stdin")),
  );

  it("reads what compose and helm make", () => expect(piped).toHaveLength(2));

  it.each(piped)("%s", (line) => {
    expect(inShell(good(), line)).toMatchObject({ code: 0, err: "" });
    const { code, out } = inShell(bad(), line);
    expect([code, out]).toEqual([1, expect.stringContaining("error[capacity-missing]")]);
  });

  it("has hooks that pass a good project and fail a bad one", () => {
    const hooks = blocks(page)
      .filter(({ language }) => language === "yaml")
      .map(({ text }) => load(text) as { repos?: { hooks: { id: string; args: string[] }[] }[] })
      .flatMap(({ repos = [] }) => repos.flatMap((repo) => repo.hooks));
    expect(hooks.length).toBeGreaterThan(0);
    for (const { id, args } of hooks) {
      const entry = hooksOfRepository.find((hook) => hook.id === id)?.entry ?? "";
      const line = [entry, ...args, "compose.yaml"].join(" ");
      expect(inShell(good(), line).code).toBe(0);
      expect(inShell(bad(), line).code).toBe(1);
    }
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

const step = (
  load(readFileSync(join(root, "action.yml"), "utf8")) as {
    inputs: Record<string, { default: string }>;
    runs: { steps: { run: string; env: Record<string, string> }[] };
  }
).runs.steps[0];

it("the action's script annotates, writes SARIF, and fails as it is told", () => {
  // An input is a variable of the script, never a part of its text.
  expect(step?.run).not.toContain("${{");
  const run = (folder: string, more: Record<string, string> = {}) =>
    inShell(folder, step?.run ?? "", {
      ...{ PATHS: ".", VERSION: "0.1.0", FAIL_ON: "warning", SARIF: "" },
      ...more,
    });
  expect(Object.keys(step?.env ?? {}).sort()).toEqual(["FAIL_ON", "PATHS", "SARIF", "VERSION"]);
  expect(run(good())).toMatchObject({ code: 0, err: "" });
  const folder = bad();
  const { code, out } = run(folder, { SARIF: "a b.sarif" });
  expect([code, out]).toEqual([1, expect.stringContaining("::error file=compose.yaml,line=7")]);
  expect(JSON.parse(readFileSync(join(folder, "a b.sarif"), "utf8")).version).toBe("2.1.0");
  const warned = folderWith({ ".env": "WORKER_WORKLOOPS=batch:1 manual>*:4\n", "b/x.txt": "" });
  expect(run(warned).code).toBe(1);
  expect(run(warned, { FAIL_ON: "error" }).code).toBe(0);
  expect(run(warned, { PATHS: "b  .env" }).code).toBe(1);
  expect(run(warned, { PATHS: "b" }).code).toBe(0);
  // A path that looks like an option, or like a command, is a path.
  expect(run(warned, { PATHS: "--fix" }).code).toBe(3);
  expect(run(warned, { PATHS: "$(touch,ran)" }).code).toBe(3);
});

it("the hooks run on the files that they name", () => {
  for (const { entry, files } of hooksOfRepository) {
    expect(inShell(good(), `${entry} compose.yaml`).code).toBe(0);
    const names = ["compose.yaml", "a/.env.local", "Dockerfile", "x/lanes.workloops", "w.service"];
    for (const path of names) expect(path).toMatch(new RegExp(files));
    expect("src/index.ts").not.toMatch(new RegExp(files));
  }
});
