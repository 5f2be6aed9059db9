import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { format } from "../../packages/cli/src/commands/format.ts";
import { captured } from "./captured.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const untidy = {
  "lanes.workloops": "fast_lane:1    *:2   # both\n",
  ".env": "# kept  as it is\nWORKER_WORKLOOPS='fast_lane:1   manual>*:4'\n",
  "tidy.workloops": "*:1\n",
  "notes.txt": "WORKER_WORKLOOPS=a:1   b:2\n",
};
const tidy = {
  "lanes.workloops": "fast_lane:1 *:2 # both\n",
  ".env": "# kept  as it is\nWORKER_WORKLOOPS='fast_lane:1 manual>*:4'\n",
  "tidy.workloops": "*:1\n",
  "notes.txt": "WORKER_WORKLOOPS=a:1   b:2\n",
};

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "workloops-format-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

function read(folder: string): Record<string, string> {
  return Object.fromEntries(
    Object.keys(untidy).map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
}

test("files are written in place and named, and all other text stays", async () => {
  const cwd = folderWith(untidy);
  expect(await captured(format, ["."], { cwd })).toEqual({
    out: ".env\nlanes.workloops\n",
    err: "",
    code: 0,
  });
  expect(read(cwd)).toEqual(tidy);
  expect(await captured(format, ["."], { cwd })).toEqual({ out: "", err: "", code: 0 });
});

test("--check names the files and writes nothing", async () => {
  const cwd = folderWith(untidy);
  const { out, code } = await captured(format, [".", "--check"], { cwd });
  expect([out, code]).toEqual([".env\nlanes.workloops\n", 1]);
  expect(read(cwd)).toEqual(untidy);
  expect((await captured(format, ["tidy.workloops", "--check"], { cwd })).code).toBe(0);
});

test("--diff shows the change and writes nothing", async () => {
  const cwd = folderWith(untidy);
  const { out, code } = await captured(format, ["lanes.workloops", "--diff"], { cwd });
  expect(code).toBe(0);
  expect(out).toBe(`--- a/lanes.workloops
+++ b/lanes.workloops
@@ -1,1 +1,1 @@
-fast_lane:1    *:2   # both
+fast_lane:1 *:2 # both
`);
  expect(read(cwd)).toEqual(untidy);
});

test("standard input is a .workloops file, or what its name says", async () => {
  const lanes = await captured(format, ["-"], { stdin: untidy["lanes.workloops"] });
  expect(lanes).toEqual({ out: tidy["lanes.workloops"], err: "", code: 0 });
  const env = await captured(format, ["-", "--stdin-filename", ".env"], { stdin: untidy[".env"] });
  expect(env.out).toBe(tidy[".env"]);
  const check = await captured(format, ["-", "--check"], { stdin: untidy["lanes.workloops"] });
  expect(check).toEqual({ out: "", err: "", code: 1 });
  const shown = await captured(format, ["-", "--diff"], { stdin: untidy["lanes.workloops"] });
  expect(shown.out).toContain("+fast_lane:1 *:2 # both\n");
});

test("a broken value keeps its broken groups", async () => {
  const { out } = await captured(format, ["-"], { stdin: "a:1   b-   c:2\n" });
  expect(out).toBe("a:1 b- c:2\n");
});

test("wrong use, and nothing there", async () => {
  expect((await captured(format, [])).code).toBe(2);
  expect((await captured(format, ["-", "x"])).code).toBe(2);
  expect((await captured(format, ["--no-such", "x"])).err).toContain("--no-such");
  const none = await captured(format, ["none"], { cwd: folderWith({}) });
  expect([none.code, none.err]).toEqual([
    3,
    "skipped none: it does not exist\nworkloops format: there is no file at none.\n",
  ]);
  expect((await captured(format, ["--help"])).out).toContain("never changes");
});
