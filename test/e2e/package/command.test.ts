import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { run } from "../../../scripts/program.mjs";
import { folder, install, packed, root } from "./packed.ts";

const site = join(folder, "site");
const command = join(site, "node_modules/.bin/workloops");

beforeAll(async () => {
  const { workloops = "" } = await packed();
  mkdirSync(site);
  await install(site, [workloops]);
});

test("it brings no other package", async () => {
  const lock = JSON.parse(readFileSync(join(site, "package-lock.json"), "utf8")) as {
    packages: Record<string, unknown>;
  };
  expect(Object.keys(lock.packages)).toEqual(["", "node_modules/workloops"]);
});

test("it holds bundles, schemas, licences and a page, and no sources", async () => {
  const { printed } = await run("find", [".", "-type", "f"], {
    cwd: join(site, "node_modules/workloops"),
  });
  const made = JSON.parse(readFileSync(join(root, "node_modules/.cache/bundles.json"), "utf8"));
  const bundles = Object.keys(made as object)
    .filter((path) => path.startsWith("packages/cli/"))
    .map((path) => path.replace("packages/cli", "."));
  const besides = [
    "./LICENSE",
    "./README.md",
    "./bin/workloops.cjs",
    "./dist/bundle/THIRD-PARTY-NOTICES.txt",
    "./package.json",
  ];
  expect(bundles.length).toBeGreaterThan(5);
  const files = printed.trim().split("\n");
  const others = files.filter((file) => !/^\.\/schemas\/[\w.-]+\.json$/.test(file));
  expect(others.sort()).toEqual([...besides, ...bundles].sort());
});

test("its notices name each package with a licence", () => {
  const notices = readFileSync(
    join(site, "node_modules/workloops/dist/bundle/THIRD-PARTY-NOTICES.txt"),
    "utf8",
  ).split(/\n-{72}\n/);
  expect(notices.length).toBeGreaterThan(20);
  const without = notices.slice(1).filter((notice) => !/\([\w.-]+\)\n\n.{80}/s.test(notice));
  expect(without.map((notice) => notice.trim().split("\n")[0])).toEqual([]);
});

test("workloops --version is that of the package", async () => {
  const { version } = JSON.parse(readFileSync(join(root, "packages/cli/package.json"), "utf8")) as {
    version: string;
  };
  expect(await run(command, ["--version"])).toEqual({ code: 0, printed: `${version}\n` });
});

test("workloops lint finds a fault and its fix", async () => {
  writeFileSync(join(folder, "worker.env"), "WORKER_WORKLOOPS=fast_lane:1 *>manual:4\n");
  const { code, printed } = await run(command, ["lint", "worker.env"], { cwd: folder });
  expect(code).toBe(1);
  expect(printed).toContain("error[wildcard-not-last]");
  expect(printed).toContain("worker.env:1:30");
});

test("workloops lint takes its own name in a package manager's files for no value", async () => {
  expect(await run(command, ["lint", "package-lock.json", "package.json"], { cwd: site })).toEqual({
    code: 0,
    printed: expect.stringContaining("No problems"),
  });
});

test("a wrong configuration ends the worker with the words of lint", async () => {
  const { code, printed } = await run(command, ["worker", "--workloops", "fast_lane:1 *>manual:4"]);
  expect(code).toBe(2);
  expect(printed).toContain("error[wildcard-not-last]");
});

const commands = ["lint", "explain", "worker", "status", "doctor", "dev", "run", "adaptors"];

test.each(commands)("workloops %s --help says how it is used", async (name) => {
  const { code, printed } = await run(command, [name, "--help"]);
  expect({ name, code }).toEqual({ name, code: 0 });
  expect(printed).toContain(`workloops ${name}`);
});
