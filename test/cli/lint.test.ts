import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { folderWith, service, workloops } from "./run-command.ts";

const broken = service('WORKER_WORKLOOPS: "fast_lane:1 manual>*4"');
const clean = service("WORKER_WORKLOOPS: fast_lane:1 manual>*:4");
const schema = JSON.parse(
  readFileSync(
    new URL("../../packages/cli/schemas/lint-report.schema.json", import.meta.url),
    "utf8",
  ),
) as object;
const validate = new Ajv({ strict: true, allErrors: true }).compile(schema);

async function asJson(cwd: string, args: readonly string[]) {
  const ran = await workloops(cwd, ["lint", "--format", "json", ...args]);
  const report = JSON.parse(ran.out) as {
    files: {
      path: string;
      diagnostics: { code: string; severity: string; start: object; end: object }[];
    }[];
    skipped: { path: string; reason: string }[];
    summary: Record<string, number>;
  };
  expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
  return { ...ran, report };
}

describe("exit code", () => {
  it.each([
    ["nothing found", { "compose.yaml": clean }, ["compose.yaml"], 0],
    ["a folder without any value", { "readme.txt": "x" }, ["."], 0],
    ["an error", { "compose.yaml": broken }, ["compose.yaml"], 1],
    ["a warning", { ".env": "WORKER_WORKLOOPS=batch:1 manual>*:4\n" }, [".env"], 1],
    [
      "a warning that is allowed",
      { ".env": "WORKER_WORKLOOPS=batch:1 manual>*:4\n" },
      [".env", "--max-warnings", "1"],
      0,
    ],
    [
      "one warning too many",
      { ".env": "WORKER_WORKLOOPS=batch:1 manual>*:4\n" },
      [".env", "--max-warnings=0"],
      1,
    ],
    [
      "only errors fail",
      { ".env": "WORKER_WORKLOOPS=batch:1 manual>*:4\n" },
      [".env", "--fail-on", "error"],
      0,
    ],
    ["a hint", { ".env": "WORKER_WORKLOOPS=manual>*:4\n" }, [".env"], 0],
    [
      "a hint that is to fail",
      { ".env": "WORKER_WORKLOOPS=manual>*:4\n" },
      [".env", "--fail-on=hint"],
      1,
    ],
    ["no path", {}, [], 2],
    ["an unknown option", {}, [".", "--fixx"], 2],
    ["an unknown format", {}, [".", "--format", "xml"], 2],
    ["a bad number", {}, [".", "--max-warnings", "many"], 2],
    ["a bad severity", {}, [".", "--fail-on", "info"], 2],
    ["no path matched", {}, ["nowhere.yaml"], 3],
    ["one of two paths matched", { "compose.yaml": clean }, ["nowhere.yaml", "compose.yaml"], 0],
  ] as const)("%s", async (_, files, args, code) => {
    const ran = await workloops(folderWith(files), ["lint", ...args]);
    expect([ran.code, ran.out, ran.err][0]).toBe(code);
  });
});

describe("json", () => {
  it("has lines and columns from 1, offsets from 0, all in UTF-16 units", async () => {
    const text = service('OTHER: "😀"\nWORKER_WORKLOOPS: "fast_lane:1 manual>*4" # 😀');
    const { code, report } = await asJson(folderWith({ "compose.yaml": text }), ["compose.yaml"]);
    const offset = text.indexOf("manual>*4");
    expect(code).toBe(1);
    expect(report.files).toHaveLength(1);
    expect(report.files[0]?.path).toBe("compose.yaml");
    expect(report.files[0]?.diagnostics[0]).toMatchObject({
      code: "capacity-missing",
      severity: "error",
      start: { line: 8, column: 38, offset },
      end: { line: 8, column: 47, offset: offset + 9 },
    });
    expect(report.summary).toEqual({
      files: 1,
      values: 1,
      errors: 1,
      warnings: 0,
      hints: 0,
      skipped: 0,
    });
  });

  it("names a clean file too", async () => {
    const { code, report } = await asJson(folderWith({ "a/compose.yaml": clean }), ["a"]);
    expect(code).toBe(0);
    expect(report.files).toEqual([{ path: "a/compose.yaml", diagnostics: [] }]);
  });

  it("counts a byte order mark and carriage returns as the characters that they are", async () => {
    const text = `\ufeffA=1\r\nWORKER_WORKLOOPS=manual>*4\r\n`;
    const { report } = await asJson(folderWith({ ".env": text }), [".env"]);
    const offset = text.indexOf("manual>*4");
    expect(report.files[0]?.diagnostics[0]).toMatchObject({
      start: { line: 2, column: 18, offset },
    });
  });
});

describe("pretty", () => {
  it("shows a code frame, the fix and the other end", async () => {
    const both = service('WORKER_WORKLOOPS: "manual>*4"\nWORKER_CAPACITY: 5');
    const { out } = await workloops(folderWith({ "compose.yaml": both }), ["lint", "compose.yaml"]);
    const [head, ...rest] = out.split("\n");
    expect(head).toMatch(/^error\[capacity-missing\]: `manual>\*4` has no capacity/);
    expect(rest.join("\n")).toBe(` --> compose.yaml:7:26
  |
7 |       WORKER_WORKLOOPS: "manual>*4"
  |                          ^^^^^^^^^
  = fix: Write \`manual>*:4\` (changes the meaning)

error[capacity-exclusivity]: Workloops and a capacity are both given, and the worker refuses that, even where one is empty: a configuration holds the capacities, so remove the capacity.
 --> compose.yaml:8:7
  |
8 |       WORKER_CAPACITY: 5
  |       ^^^^^^^^^^^^^^^^^^
  = fix: Remove the capacity (changes the meaning)
  also compose.yaml:7:7: WORKER_WORKLOOPS "manual>*4", from environment

2 errors in 1 file (1 value in 1 file read).
`);
  });

  it("has colour on a terminal only", async () => {
    const folder = folderWith({ "compose.yaml": broken });
    const plain = await workloops(folder, ["lint", "."]);
    const colored = await workloops(folder, ["lint", "."], { color: true });
    expect(plain.out).not.toContain("\u001b[");
    expect(colored.out).toContain("\u001b[31m");
    expect(colored.out.replace(/\u001b\[\d*m/g, "")).toBe(plain.out);
  });
});

it("writes several reports at once, each to its place", async () => {
  const folder = folderWith({ "compose.yaml": broken });
  const args = [
    "lint",
    ".",
    "--format",
    "github",
    "--format",
    "sarif=out.sarif",
    "--format=gitlab=quality.json",
    "--format",
    "junit=junit.xml",
  ];
  const { code, out } = await workloops(folder, args);
  const at = (name: string) => readFileSync(join(folder, name), "utf8");
  expect(code).toBe(1);
  expect(out).toMatch(
    /^::error file=compose\.yaml,line=7,endLine=7,col=38,endColumn=47,title=workloops capacity-missing::/,
  );
  expect(JSON.parse(at("quality.json"))).toMatchObject([
    {
      check_name: "capacity-missing",
      severity: "major",
      location: { path: "compose.yaml", lines: { begin: 7 } },
    },
  ]);
  expect(at("junit.xml")).toContain(
    '<testsuite name="compose.yaml" tests="1" failures="1" skipped="0">',
  );
  expect(JSON.parse(at("out.sarif"))).toMatchObject({ version: "2.1.0" });
  const shared = await workloops(folder, ["lint", ".", "--format", "json", "--format", "sarif"]);
  expect([shared.code, shared.out]).toEqual([2, ""]);
});

it("reads standard input under a name", async () => {
  const folder = folderWith({});
  const readStdin = async () => broken;
  const args = ["lint", "--stdin", "--stdin-filename", "compose.yaml", "--format", "json"];
  const { code, out } = await workloops(folder, args, { readStdin });
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    files: [{ path: "compose.yaml", diagnostics: [{ code: "capacity-missing" }] }],
  });
  const mended = await workloops(folder, [...args.slice(0, 4), "--unsafe-fixes"], { readStdin });
  expect([mended.code, mended.out]).toEqual([0, broken.replace("*4", "*:4")]);
});

it("finds the settings nearest upwards", async () => {
  const value = "WORKER_WORKLOOPS=batch:1 fast_lane>*:4\n";
  const folder = folderWith({
    "workloops.config.json": '{ "queues": ["batch"] }',
    "a/b/.env": value,
    "c/workloops.config.json": '{ "severities": { "queue-unknown": "error" } }',
    "c/.env": value,
  });
  const { report } = await asJson(folder, ["."]);
  expect(
    report.files.map(({ path, diagnostics }) => [
      path,
      diagnostics.map(({ severity }) => severity),
    ]),
  ).toEqual([
    ["a/b/.env", []],
    ["c/.env", ["error"]],
  ]);
  const shown = await workloops(folder, ["print-config", "c/.env"]);
  expect(JSON.parse(shown.out)).toMatchObject({
    from: "c/workloops.config.json",
    settings: { severities: { "queue-unknown": "error" } },
  });
});

it.each([
  ['{ "queue": [] }', 'there is no setting "queue"; did you mean "queues"?'],
  ['{ "queues": "batch" }', '"queues" must be a list of queue names'],
  ['{ "overcommit": 0 }', '"overcommit" must be a number above 0'],
  [
    '{ "severities": { "empty": "warn" } }',
    '"severities" has "warn" for empty: write one of error, warning, hint, off',
  ],
  ["[]", "it must hold one object"],
  ["{", "it is no JSON"],
])("refuses the settings %s", async (text, said) => {
  const folder = folderWith({
    "workloops.config.json": text,
    ".env": "WORKER_WORKLOOPS=manual>*:4\n",
  });
  const { code, err } = await workloops(folder, ["lint", "."]);
  expect(code).toBe(2);
  expect(err).toContain(said);
});

it("follows the ignore files of a repository", async () => {
  const folder = folderWith({
    ".git/HEAD": "",
    ".gitignore": "/build/\n*.local\n!keep.local\n",
    "build/.env": "WORKER_WORKLOOPS=manual>*\n",
    "a/.gitignore": "secret.env\n",
    "a/secret.env": "WORKER_WORKLOOPS=manual>*\n",
    "a/other.env": "WORKER_WORKLOOPS=manual>*\n",
    "node_modules/x/.env": "WORKER_WORKLOOPS=manual>*\n",
  });
  const { report } = await asJson(folder, ["."]);
  expect(report.files.map(({ path }) => path)).toEqual(["a/other.env"]);
  // What is named is read, whatever an ignore file says.
  expect((await asJson(folder, ["build/.env"])).report.files.map(({ path }) => path)).toEqual([
    "build/.env",
  ]);
});
