import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";
import { beforeAll, expect, it } from "vitest";
import { folderWith, service } from "./run-command.ts";

const made = join(import.meta.dirname, "../../packages/cli");
const bundle = "dist/bundle/lint.cjs";
const cache = "dist/code-cache/lint.cjs";

/** A copy of the command as a clone has it, in a folder of its own. */
function copied(): string {
  const folder = folderWith({ "compose.yaml": service("WORKER_WORKLOOPS: manual>*4") });
  mkdirSync(join(folder, "dist"));
  for (const part of ["bin", "dist/bundle", "dist/code-cache"]) {
    cpSync(join(made, part), join(folder, part), { recursive: true });
  }
  return folder;
}

function lintIn(folder: string) {
  const args = [join(folder, "bin/workloops.cjs"), "lint", "compose.yaml", "--format", "github"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

const told = {
  status: 1,
  stdout: expect.stringContaining("title=workloops capacity-missing"),
  stderr: "",
};

beforeAll(() => expect(existsSync(join(made, cache))).toBe(true));

it("the cache is of the bundle beside it, and V8 takes it", () => {
  const head = "(function (exports, require, module, __filename, __dirname) {";
  const source = `${head}${readFileSync(join(made, bundle), "utf8")}\n})`;
  const cachedData = readFileSync(join(made, cache));
  expect(new Script(source, { cachedData }).cachedDataRejected).toBe(false);
});

it.each<[string, (folder: string) => void]>([
  ["as it is", () => undefined],
  ["with a cache of something else", (folder) => writeFileSync(join(folder, cache), "no cache")],
  ["with an empty cache", (folder) => writeFileSync(join(folder, cache), "")],
  [
    "with a bundle that is newer than its cache",
    (folder) => {
      const text = readFileSync(join(folder, bundle), "utf8");
      writeFileSync(join(folder, bundle), `${text}\n// newer`);
    },
  ],
])("the command lints %s", (_, change) => {
  const folder = copied();
  change(folder);
  expect(lintIn(folder)).toEqual(told);
});
