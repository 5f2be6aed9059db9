import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createInstaller } from "../../../packages/engine/src/adaptors/installer.ts";
import { engineForTests, execute } from "../execute.ts";
import { loopbackRegistry } from "./loopback-registry.ts";

const name = "@openfn/language-tiny";
const files = {
  "index.d.ts": "export declare function tiny(value: unknown): unknown;",
  "index.js": "export const tiny = (value) => (state) => ({ ...state, tiny: value });",
};
const registry = await loopbackRegistry({
  [name]: ["1.0.0", "1.10.0"].map((version) => ({ version, files })),
  "@openfn/language-stuck": [{ version: "1.0.0", files }],
  "@openfn/language-slow": ["1.0.0", "2.0.0"].map((version) => ({ version, files })),
});
registry.answer(/language-stuck/, () => undefined);
let letGo = (): void => undefined;
registry.answer(/language-slow\/-\/1\.0\.0\.tgz/, (response) => {
  letGo = () => void response.writeHead(404).end();
});

// npm takes a second, and a busy machine many.
vi.setConfig({ testTimeout: 60_000 });
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
/** A new repo dir with an installer and a cache of npm's own, so that each test asks the registry. */
function setUp({ timeoutMs = 20_000, now = (): number => 0 } = {}) {
  const repoDir = mkdtempSync(join(tmpdir(), "workloops-test-install-"));
  folders.push(repoDir);
  process.env["npm_config_cache"] = join(repoDir, "cache");
  return {
    repoDir,
    installer: createInstaller({ repoDir, registry: registry.url, timeoutMs }, now),
  };
}
const listed = (repoDir: string): unknown =>
  JSON.parse(readFileSync(join(repoDir, "package.json"), "utf8")).dependencies;

describe("installer", () => {
  it("installs versions at once, in the layout of OpenFn's runtime, each once", async () => {
    const { repoDir, installer } = setUp();
    registry.asked.length = 0;
    const wanted = ["1.0.0", "1.10.0", "1.0.0"];
    expect(await Promise.all(wanted.map((version) => installer.ensure(name, version)))).toEqual(
      wanted.map(() => undefined),
    );
    expect(listed(repoDir)).toEqual({
      [`${name}_1.0.0`]: `npm:${name}@1.0.0`,
      [`${name}_1.10.0`]: `npm:${name}@1.10.0`,
    });
    const folder = join(repoDir, "node_modules", `${name}_1.10.0`, "index.js");
    expect(readFileSync(folder, "utf8")).toBe(files["index.js"]);
    expect(registry.asked.filter((path) => path.endsWith("1.0.0.tgz"))).toHaveLength(1);
    expect(readdirSync(repoDir).filter((entry) => entry.startsWith(".workloops"))).toEqual([]);
    registry.asked.length = 0;
    expect(await installer.ensure(name, "1.0.0")).toBeUndefined();
    expect(registry.asked).toEqual([]);
  });

  it("says why a version cannot be had, and leaves nothing behind", async () => {
    const { repoDir, installer } = setUp();
    expect(await installer.ensure(name, "9.9.9")).toMatch(/No matching version found/);
    expect(await installer.ensure("@openfn/language-nowhere", "1.0.0")).toMatch(/404/);
    expect(readdirSync(repoDir).filter((entry) => entry !== "cache")).toEqual([]);
  });

  it("does not hold up others behind a registry that hangs", async () => {
    const { repoDir, installer } = setUp({ timeoutMs: 6_000 });
    const order: string[] = [];
    const stuck = installer.ensure("@openfn/language-stuck", "1.0.0").then((problem) => {
      order.push("stuck");
      return problem;
    });
    await installer.ensure(name, "1.0.0").then(() => order.push("tiny"));
    expect(await stuck).toBe("npm took longer than 6000 ms");
    expect(order).toEqual(["tiny", "stuck"]);
    expect(existsSync(join(repoDir, "node_modules", "@openfn", "language-stuck_1.0.0"))).toBe(
      false,
    );
  });

  it("installs one version of a package after another, whatever becomes of the first", async () => {
    const { installer } = setUp();
    const slow = "@openfn/language-slow";
    registry.asked.length = 0;
    const first = installer.ensure(slow, "1.0.0");
    const second = installer.ensure(slow, "2.0.0");
    const tarball = (version: string) => registry.asked.some((at) => at.endsWith(`${version}.tgz`));
    await expect.poll(() => tarball("slow/-/1.0.0"), { timeout: 20_000 }).toBe(true);
    expect(await installer.ensure(name, "1.0.0")).toBeUndefined();
    expect(tarball("slow/-/2.0.0")).toBe(false);
    letGo();
    expect(await first).toMatch(/404/);
    expect(await second).toBeUndefined();
  });

  it.runIf(process.getuid?.() === 0)(
    "says so where the disk is full, and leaves no half",
    async () => {
      const { repoDir } = setUp();
      const small = join(repoDir, "small");
      mkdirSync(small);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=16k", "tmpfs", small]);
      try {
        const engine = await engineForTests({ repoDir: small, registry: registry.url });
        const step = { id: "j", adaptors: [`${name}@1.0.0`], expression: "tiny(1);" };
        const { end } = await execute(engine, { id: "run", steps: [step] });
        expect(end).toMatchObject({ error: { reason: "exception", type: "AutoinstallError" } });
        expect("error" in end && end.error?.message).toMatch(/ENOSPC|no space/i);
        expect(existsSync(join(small, "node_modules", `${name}_1.0.0`))).toBe(false);
        await engine.close();
      } finally {
        execFileSync("umount", [small]);
      }
    },
  );

  it("asks for a tag once, again after its life, and offline takes the newest installed", async () => {
    let now = 0;
    const { repoDir, installer } = setUp({ now: () => now });
    registry.asked.length = 0;
    const asks = () => registry.asked.filter((path) => path === `/${name}`).length;
    expect(await installer.resolveTag(name, "latest")).toEqual({ version: "1.10.0" });
    expect(await installer.resolveTag(name, "latest")).toEqual({ version: "1.10.0" });
    expect(asks()).toBe(1);
    now = 11 * 60_000;
    expect(await installer.resolveTag(name, "latest")).toEqual({ version: "1.10.0" });
    await expect.poll(asks, { timeout: 10_000 }).toBe(2);
    await installer.ensure(name, "1.0.0");
    const offline = createInstaller({
      repoDir,
      registry: "http://127.0.0.1:9/",
      timeoutMs: 10_000,
    });
    expect(await offline.resolveTag(name, "next")).toEqual({ version: "1.0.0" });
    expect(await offline.resolveTag("@openfn/language-x", "next")).toMatchObject({
      problem: expect.stringContaining("ECONNREFUSED"),
    });
  });
});

describe("a run with adaptors", () => {
  it("has them installed, by exact version", async () => {
    const { repoDir } = setUp();
    const engine = await engineForTests({ repoDir, registry: registry.url });
    const step = { id: "j", adaptors: [`${name}@latest`], expression: "tiny(7);" };
    const { end, events } = await execute(engine, { id: "run", steps: [step] });
    expect(end).toMatchObject({ finalState: '{"data":{},"tiny":7}' });
    expect(events[0]).toMatchObject({ versions: { [name]: ["1.10.0"] } });
    const missing = { id: "j", adaptors: [`${name}@7.7.7`], expression: "" };
    const refused = await execute(engine, { id: "run", steps: [missing] });
    expect(refused.events).toHaveLength(1);
    expect(refused.end).toMatchObject({ error: { reason: "exception", type: "AutoinstallError" } });
    const late = { id: "j", adaptors: ["@openfn/language-stuck@1.0.0"], expression: "" };
    const ended = await execute(engine, { id: "run", steps: [late] }, "{}", { timeoutMs: 300 });
    expect(ended.end).toMatchObject({ error: { reason: "exception", type: "AutoinstallError" } });
    await engine.close();
  });
});
