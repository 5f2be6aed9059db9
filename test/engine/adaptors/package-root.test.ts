import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  findPackage,
  installedVersions,
} from "../../../packages/engine/src/adaptors/package-root.ts";
import { engineForTests, execute } from "../execute.ts";
import { repoWith } from "../fake-adaptor.ts";
import { writePackage } from "../write-repo.ts";

const name = "@openfn/language-x";
const files = {
  "index.d.ts": "export declare const fn: unknown;",
  "index.js": "export const fn = (f) => f;",
};
const repoDir = repoWith(["1.9.0", "1.10.0"].map((version) => ({ name, version, files })));
const monorepoDir = mkdtempSync(join(tmpdir(), "workloops-test-monorepo-"));
afterAll(() => rmSync(monorepoDir, { recursive: true, force: true }));
writePackage(join(monorepoDir, "packages", "x"), {
  "package.json": JSON.stringify({
    name,
    version: "9.0.0",
    type: "module",
    exports: "./index.js",
    types: "index.d.ts",
  }),
  "index.d.ts": files["index.d.ts"],
  "index.js": "export const fn = () => (state) => ({ ...state, from: 'monorepo' });",
});

describe("find package", () => {
  it("orders versions by number", () => {
    expect(installedVersions(name, repoDir)).toEqual(["1.9.0", "1.10.0"]);
    expect(installedVersions("@openfn/language", repoDir)).toEqual([]);
  });

  it.each([
    [`${name}@1.9.0`, "1.9.0"],
    [name, "1.10.0"],
    [`${name}@local`, "9.0.0"],
    [`${name}@2.0.0`, undefined],
    ["../../x", undefined],
  ])("%s", (specifier, version) => {
    expect(findPackage(specifier, { repoDir, monorepoDir })?.manifest["version"]).toBe(version);
  });

  it("takes a local adaptor from the monorepo in a run", async () => {
    const engine = await engineForTests({ repoDir, monorepoDir });
    const step = { id: "j", adaptors: [`${name}@local`], expression: "fn();" };
    const { end } = await execute(engine, { id: "run", steps: [step] });
    expect(end).toMatchObject({ finalState: '{"data":{},"from":"monorepo"}' });
  });
});
