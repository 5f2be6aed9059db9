import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { createInstaller } from "../../../packages/engine/src/adaptors/installer.ts";
import { runNpm } from "../../../packages/engine/src/adaptors/npm.ts";
import { loopbackRegistry } from "./loopback-registry.ts";

// npm takes a second, and a busy machine many.
vi.setConfig({ testTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), "workloops-test-npm-"));
process.env["npm_config_cache"] = join(folder, "cache");
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("runs no script of a package", async () => {
  const name = "@openfn/language-scripted";
  const marker = join(folder, "ran");
  const run = `node -e "require('fs').writeFileSync('${marker}', '')"`;
  const scripts = { preinstall: run, install: run, postinstall: run, prepare: run };
  const own = { name, version: "1.0.0", exports: "./index.js", hasInstallScript: true, scripts };
  const files = { "package.json": JSON.stringify(own), "index.js": "" };
  const registry = await loopbackRegistry({ [name]: [{ version: "1.0.0", files }] });
  const repoDir = mkdtempSync(join(folder, "repo-"));
  const installer = createInstaller({ repoDir, registry: registry.url, timeoutMs: 20_000 });
  expect(await installer.ensure(name, "1.0.0")).toBeUndefined();
  expect(readdirSync(folder)).not.toContain("ran");
});

it("takes words of a shell for words, and sees no secret of the worker", async () => {
  const cwd = mkdtempSync(join(tmpdir(), "workloops-test-npm-"));
  process.env["WORKER_SECRET"] = "hunter2";
  writeFileSync(join(cwd, "package.json"), "{}");
  const options = { cwd, registry: undefined, timeoutMs: 20_000 };
  // `run env` is npm's own way to show what a script would see.
  const seen = await runNpm(["run", "env"], options);
  const named = await runNpm(["pkg", "set", "name=$(touch touched); touch touched"], options);
  expect(seen.ok && seen.stdout).toContain("PATH=");
  expect(JSON.stringify([seen, named])).not.toContain("hunter2");
  expect(readdirSync(cwd)).not.toContain("touched");
  delete process.env["WORKER_SECRET"];
  rmSync(cwd, { recursive: true });
});
