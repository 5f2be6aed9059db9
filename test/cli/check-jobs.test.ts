import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checkJobsCommand } from "../../packages/cli/src/commands/check-jobs.ts";
import { jobsInFile } from "../../packages/cli/src/jobs/jobs-in-file.ts";

const folder = mkdtempSync(join(tmpdir(), "workloops-test-jobs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, "jobs"));
writeFileSync(join(folder, "jobs", "late.js"), "fn($.list.map(f));\n");

const project = `
name: clinic
workflows:
  intake:
    name: Intake
    jobs:
      good:
        name: Good
        adaptor: "@openfn/language-common@3.2.3"
        body: |
          fn(state => state);
      bad:
        name: Bad
        adaptor: "@openfn/language-common@3.2.3"
        body: |
          fn(state => state);
          fn(
      kept:
        body:
          path: ./jobs/late.js
      away:
        body: { path: ../../etc/passwd }
`;

async function run(files: Record<string, string>, ...args: string[]) {
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  const said = { out: "", err: "" };
  const code = await checkJobsCommand(args.length > 0 ? args : Object.keys(files), {
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    readStdin: async () => "",
    cwd: folder,
    env: {},
    columns: undefined,
    color: false,
  });
  return { code, ...said };
}

describe("check-jobs", () => {
  it("names each job that does not compile, and what OpenFn does otherwise", async () => {
    expect(await run({ "project.yaml": project })).toEqual({
      code: 1,
      err: "",
      out: `project.yaml: Intake / Bad 3:0 error: Unexpected token
project.yaml: Intake / kept 1:3 difference: OpenFn wraps only what is inside of this call, which then gets a function in place of the value.
project.yaml: Intake / away 1:0 error: its body is in ../../etc/passwd, outside of the project's folder
4 jobs: 2 do not compile, 1 differences from OpenFn
`,
    });
  });

  it("prints the same as data", async () => {
    const plan = { id: "run", jobs: [{ id: "j", body: "fn(10n);", adaptor: "" }], triggers: [] };
    const { code, out } = await run(
      { "plan.json": JSON.stringify(plan) },
      "plan.json",
      "--format=json",
    );
    const message = "OpenFn's compiler refuses BigInt literals.";
    expect([code, JSON.parse(out)]).toEqual([
      0,
      {
        version: 1,
        jobs: 1,
        errors: 0,
        findings: [
          { path: "plan.json", job: "j", severity: "difference", message, line: 1, column: 3 },
        ],
      },
    ]);
  });

  it.each([
    ["no file", ["none.yaml"], "cannot be read: ENOENT"],
    ["a file without jobs", ["empty.json"], "holds no jobs: expected a project with `workflows`"],
    ["a file that is no YAML", ["broken.yaml"], "broken.yaml: "],
    ["no arguments", ["--format=json"], "Usage: workloops check-jobs"],
    ["an unknown flag", ["x", "--fix"], "Unknown option '--fix'"],
  ])("%s is told, exit 2", async (_name, args, message) => {
    const { code, err } = await run({ "empty.json": "{}", "broken.yaml": "a: [" }, ...args);
    expect([code, err.includes(message)]).toEqual([2, true]);
  });
});

describe("jobs in a file", () => {
  it.each([
    ["x.js", "fn();", ["x.js"]],
    ["w.json", '{"workflow":{"steps":[{"id":"a","expression":"fn()"},{"id":"t"}]}}', ["a"]],
    ["p.json", '{"jobs":[{"id":"a","name":"A","body":"fn()"}]}', ["A"]],
    ["s.yaml", "workflows:\n  w:\n    steps:\n      - id: a\n        expression: fn()", ["w / a"]],
  ])("of %s", (path, text, names) => {
    const jobs = jobsInFile(path, text);
    expect(typeof jobs === "string" ? jobs : jobs.map(({ name }) => name)).toEqual(names);
  });
});
