import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { adaptorsCommand } from "../../packages/cli/src/commands/adaptors.ts";
import { loopbackRegistry } from "../engine/adaptors/loopback-registry.ts";

const folder = mkdtempSync(join(tmpdir(), "workloops-test-adaptors-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const name = "@openfn/language-tiny";
const registry = await loopbackRegistry({
  [name]: [{ version: "1.2.3", files: { "index.js": "" } }],
});
process.env["npm_config_cache"] = join(folder, "cache");

async function run(...args: string[]) {
  const said = { out: "", err: "" };
  const code = await adaptorsCommand(args, {
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    readStdin: async () => "",
    cwd: folder,
    env: { WORKER_REPO_DIR: "repo" },
    columns: undefined,
    color: false,
  });
  return { code, ...said };
}

describe("adaptors install", () => {
  it("installs a version or a tag where the worker looks", async () => {
    const repo = join(folder, "repo");
    const told = await run(
      "install",
      `${name}@latest`,
      `${name}@1.2.3`,
      "--registry",
      registry.url,
    );
    expect(told).toEqual({
      code: 0,
      err: "",
      out: `${name}@latest: 1.2.3 in ${repo}\n${name}@1.2.3: 1.2.3 in ${repo}\n`,
    });
    const manifest = join(repo, "node_modules", `${name}_1.2.3`, "package.json");
    expect(JSON.parse(readFileSync(manifest, "utf8"))).toMatchObject({ name, version: "1.2.3" });
  });

  it("says which are not, exit 1", async () => {
    const { code, err } = await run(
      "install",
      "left-pad@1.3.0",
      `${name}@9.9.9`,
      "--registry",
      registry.url,
    );
    expect(code).toBe(1);
    expect(err).toMatch(/^left-pad@1\.3\.0: is no adaptor: write a package of @openfn/);
    expect(err).toMatch(/@openfn\/language-tiny@9\.9\.9: .*No matching version/);
  });

  it.each([[], ["list"], ["install"], ["install", "x", "--what"]])(
    "is used wrongly: %j",
    async (...args) => {
      const { code, err } = await run(...args);
      expect([code, err.includes("Usage: workloops adaptors install")]).toEqual([2, true]);
    },
  );
});
