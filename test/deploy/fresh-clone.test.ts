import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");

test("building can begin where nothing is installed", () => {
  const clone = mkdtempSync(join(tmpdir(), "workloops-clone-"));
  try {
    cpSync(join(root, "scripts"), join(clone, "scripts"), { recursive: true });
    for (const name of readdirSync(join(root, "packages"))) {
      const manifest = join("packages", name, "package.json");
      cpSync(join(root, manifest), join(clone, manifest));
    }
    const { stderr, status } = spawnSync("node", ["-e", 'import("./scripts/build.mjs")'], {
      cwd: clone,
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  } finally {
    rmSync(clone, { recursive: true, force: true });
  }
});
