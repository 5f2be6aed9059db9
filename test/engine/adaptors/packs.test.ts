import { chmodSync, existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installAdaptors } from "@workloops/engine/install-adaptors";
import { describe, expect, it } from "vitest";
import { findChild } from "../../../packages/engine/src/pool/find-child.ts";
import { packInChild } from "../../../packages/engine/src/pool/pack-in-child.ts";
import { createSpawner } from "../../../packages/engine/src/pool/spawner.ts";
import { engineForTests, execute } from "../execute.ts";
import { repoWith } from "../fake-adaptor.ts";

const name = "@openfn/language-packed";
const exportsOf = (extra = ""): string => `
const isPacked = typeof __workloopsImport === "function";
const uid = process.getuid();
exports.look = () => (state) => ({ ...state, isPacked, uid });
exports.folder = __dirname;${extra}`;
const esModule = `import cjs from "./index.cjs"; export const { look, folder } = cjs;`;

/** A repo dir with an adaptor in both module formats, as OpenFn builds them. */
function repo(files: Readonly<Record<string, string>> = {}) {
  const repoDir = repoWith([
    {
      name,
      version: "1.0.0",
      manifest: { exports: { import: "./index.js", require: "./index.cjs" } },
      files: {
        "index.d.ts":
          "export declare function look(): unknown; export declare const folder: string;",
        "index.cjs": exportsOf(),
        "index.js": esModule,
        ...files,
      },
    },
  ]);
  const root = join(repoDir, "node_modules", `${name}_1.0.0`);
  return { repoDir, root, pack: join(root, ".workloops-pack.js") };
}

const adaptor = `${name}@1.0.0`;
const plan = {
  id: "run",
  steps: [{ id: "a", adaptors: [adaptor], expression: "look();" }],
};

async function look(repoDir: string): Promise<Record<string, unknown>> {
  const engine = await engineForTests({ repoDir, spares: 0 });
  const { end } = await execute(engine, plan);
  await engine.close();
  if (end.type !== "workflow-complete") throw new Error(end.error.message);
  return JSON.parse(end.finalState ?? "{}") as Record<string, unknown>;
}

describe("packs", () => {
  it("are made with the installation, and runs load them", async () => {
    const { repoDir, pack } = repo();
    expect(await installAdaptors([adaptor], { repoDir })).toEqual([{ adaptor, version: "1.0.0" }]);
    expect(existsSync(pack)).toBe(true);
    expect(await look(repoDir)).toMatchObject({ isPacked: true });
  });

  it("are made beside the first run of an adaptor that has none", async () => {
    const { repoDir, pack } = repo();
    const engine = await engineForTests({ repoDir });
    // The packing goes on beside it, so that the run may find the pack there or not.
    const first = await execute(engine, plan);
    expect(first.end).toMatchObject({ finalState: expect.stringContaining('"isPacked":') });
    await expect.poll(() => existsSync(pack), { timeout: 10_000 }).toBe(true);
    const last = async () => (await execute(engine, plan)).end;
    await expect
      .poll(last, { timeout: 10_000 })
      .toMatchObject({ finalState: expect.stringContaining('"isPacked":true') });
  });

  it.each([
    [
      "a file that has changed",
      ({ root }: ReturnType<typeof repo>) =>
        writeFileSync(join(root, "index.cjs"), exportsOf("//")),
    ],
    [
      "text that is not what was written",
      ({ pack }: ReturnType<typeof repo>) =>
        writeFileSync(pack, readFileSync(pack, "utf8").replace("isPacked", "isPacket")),
    ],
    [
      "half of it",
      ({ pack }: ReturnType<typeof repo>) =>
        writeFileSync(pack, readFileSync(pack, "utf8").slice(0, -9)),
    ],
    ["nothing of it", ({ pack }: ReturnType<typeof repo>) => writeFileSync(pack, "")],
  ])("are not believed with %s", async (_name, damage) => {
    const made = repo();
    await installAdaptors([adaptor], { repoDir: made.repoDir });
    damage(made);
    expect(await look(made.repoDir)).toMatchObject({ isPacked: false });
  });

  it("are not made where the two module formats do not offer the same", async () => {
    const { repoDir, pack } = repo({ "index.cjs": exportsOf(" exports.more = 1;") });
    await installAdaptors([adaptor], { repoDir });
    expect(existsSync(pack)).toBe(false);
    expect(await look(repoDir)).toMatchObject({ isPacked: false });
  });

  it.each([
    ["never ends", "for (;;);"],
    ["ends its process", "process.exit(0);"],
    ["fills its heap", "const l = []; for (;;) l.push(new Array(1e5).fill(1.5));"],
    ["throws", "throw new Error('no');"],
  ])("are not made of an adaptor whose code %s, and that holds nothing up", async (_name, code) => {
    const { repoDir } = repo({ "index.cjs": code });
    const places = { repoDir: realpathSync(repoDir) };
    const spawner = createSpawner(realpathSync(findChild()), places);
    const makers = packInChild(spawner, places, { timeoutMs: 3_000 });
    expect(await makers.pack(adaptor)).toBeUndefined();
    await spawner.close();
  });

  it("are in no run's reach", async () => {
    const write = `exports.look = () => (state) => { const fs = require("node:fs"); const said = [];
      for (const file of [".workloops-pack.js", ".workloops-pack.js.1"]) try { fs.writeFileSync(__dirname + "/" + file, "x"); said.push("written") } catch (error) { said.push(error.code) }
      return { ...state, isPacked, said } };`;
    const { repoDir, pack } = repo({ "index.cjs": exportsOf(write) });
    await installAdaptors([adaptor], { repoDir });
    const before = readFileSync(pack, "utf8");
    expect(await look(repoDir)).toMatchObject({
      isPacked: true,
      said: ["ERR_ACCESS_DENIED", "ERR_ACCESS_DENIED"],
    });
    expect(readFileSync(pack, "utf8")).toBe(before);
  });
});

describe.runIf(process.getuid?.() === 0)("the user that an adaptor is loaded as", () => {
  it("is the run's own, packed or not", async () => {
    const { repoDir, pack } = repo();
    chmodSync(repoDir, 0o755);
    await installAdaptors([adaptor], { repoDir });
    const packed = await look(repoDir);
    rmSync(pack);
    const loose = await look(repoDir);
    expect([packed["isPacked"], loose["isPacked"]]).toEqual([true, false]);
    expect(packed["uid"]).toBeGreaterThanOrEqual(40_000);
    expect(loose["uid"]).toBeGreaterThanOrEqual(40_000);
  });

  it("is the run's own in a folder that only root can enter, if the adaptor is packed", async () => {
    const { repoDir } = repo();
    chmodSync(repoDir, 0o700);
    await installAdaptors([adaptor], { repoDir });
    const { isPacked, uid } = await look(repoDir);
    expect(isPacked).toBe(true);
    expect(uid).toBeGreaterThanOrEqual(40_000);
    const engine = await engineForTests({ repoDir });
    expect(engine.notices.join()).toContain(`${repoDir} cannot be entered by other users`);
    // A spare with the adaptor, and one without, are used by the run all the same.
    for (const _ of [1, 2, 3])
      expect((await execute(engine, plan)).end).toMatchObject({ type: "workflow-complete" });
  });
});
