import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { engineForTests, execute, fn, oneStep } from "./execute.ts";
import { repoWith } from "./fake-adaptor.ts";

/**
 * An adaptor runs outside of the job's sandbox, with all of Node in reach: what a job could do
 * that got out. What is left to it is its process.
 */
const name = "@openfn/language-hostile";
const repoDir = repoWith([
  {
    name,
    version: "1.0.0",
    files: {
      "index.d.ts": "export declare function attempt(code: string): unknown;",
      "index.js": `
import fs from "node:fs"; import os from "node:os"; import cp from "node:child_process";
import worker from "node:worker_threads"; import inspector from "node:inspector";
import module from "node:module";
const tools = { fs, os, cp, worker, inspector, module, process };
export const attempt = (code) => async (state) => {
  const run = new Function(...Object.keys(tools), "return (async () => {" + code + "})()");
  try { return { ...state, got: await run(...Object.values(tools)) ?? "done" }; }
  catch (error) { return { ...state, refused: error.code ?? error.message }; }
};`,
    },
  },
]);
const secretFolder = mkdtempSync(join(tmpdir(), "workloops-test-secret-"));
afterAll(() => rmSync(secretFolder, { recursive: true, force: true }));
const secretFile = join(secretFolder, "secret");
writeFileSync(secretFile, "s3cret", { mode: 0o644 });
process.env["WORKER_SECRET"] = "s3cret";
const engine = await engineForTests({ repoDir });

async function attempt(code: string): Promise<Record<string, unknown>> {
  const step = {
    id: "j",
    adaptors: [`${name}@1.0.0`],
    expression: `attempt(${JSON.stringify(code)});`,
  };
  const { end } = await execute(engine, { id: "run", steps: [step] });
  if (end.type !== "workflow-complete") throw new Error(end.error.message);
  return JSON.parse(end.finalState ?? "{}") as Record<string, unknown>;
}

describe("code that is out of the sandbox", () => {
  it.each([
    ["reads no file", `return fs.readFileSync(${JSON.stringify(secretFile)}, "utf8")`],
    ["reads no file of the system", 'return fs.readFileSync("/etc/passwd", "utf8")'],
    [
      "does not see what the worker was started with",
      "return fs.readFileSync(`/proc/${process.ppid}/environ`, 'utf8')",
    ],
    [
      "does not read the memory of the worker",
      "return fs.openSync(`/proc/${process.ppid}/mem`, 'r')",
    ],
    ["writes no file", `fs.writeFileSync(${JSON.stringify(join(secretFolder, "new"))}, "x")`],
    [
      "does not poison an adaptor for later runs",
      `fs.appendFileSync(${JSON.stringify(join(repoDir, "node_modules", `${name}_1.0.0`, "index.js"))}, "x")`,
    ],
    [
      "does not list itself as installed",
      `fs.writeFileSync(${JSON.stringify(join(repoDir, "package.json"))}, "{}")`,
    ],
    ["starts no process", 'return cp.execSync("id").toString()'],
    ["starts no worker thread", 'new worker.Worker("1", { eval: true })'],
    ["opens no inspector", "inspector.open(0)"],
    ["changes no resolution", 'module.register("data:text/javascript,")'],
    ["loads no native addon", 'process.dlopen({ exports: {} }, "/x.node")'],
    [
      "makes no link to what it may not read",
      `fs.symlinkSync(${JSON.stringify(secretFile)}, os.tmpdir() + "/link"); return fs.readFileSync(os.tmpdir() + "/link", "utf8")`,
    ],
  ])("%s", async (_name, code) => {
    const { got, refused } = await attempt(code);
    expect({ got, refused }).toEqual({ got: undefined, refused: expect.any(String) });
    expect(existsSync(join(secretFolder, "new"))).toBe(false);
    expect(readFileSync(join(repoDir, "package.json"), "utf8")).toContain(name);
  });

  it("has an environment without secrets", async () => {
    const { got } = await attempt("return Object.keys(process.env).sort()");
    const allowed = /^(TMPDIR|TZ|NODE_EXTRA_CA_CERTS|(https?|no)_proxy)$/i;
    expect(got).toContain("TMPDIR");
    expect((got as string[]).filter((key) => !allowed.test(key))).toEqual([]);
  });

  it("has no open file or socket but its own pipes", async () => {
    const { got, refused } = await attempt(
      "return [4, 5, 6, 7, 8, 9].filter((fd) => { try { return fs.fstatSync(fd).isSocket(); } catch { return false; } })",
    );
    expect({ got, refused }).toEqual({ got: [], refused: undefined });
  });

  it("has a folder that is its own and goes with the run", async () => {
    const write =
      "fs.writeFileSync(os.tmpdir() + '/a', 'x'); return [os.tmpdir(), process.cwd(), fs.readdirSync(os.tmpdir())]";
    const [one, two] = [await attempt(write), await attempt(write)];
    const [folder, cwd, files] = one["got"] as [string, string, string[]];
    expect({ cwd, files }).toEqual({ cwd: folder, files: ["a"] });
    expect((two["got"] as [string])[0]).not.toBe(folder);
    await expect.poll(() => existsSync(folder)).toBe(false);
  });

  it.runIf(process.getuid?.() === 0)("is a user of its own, for good", async () => {
    const { got } = await attempt(
      "return [process.getuid(), process.getgid(), process.getgroups()]",
    );
    const [uid, gid, groups] = got as [number, number, number[]];
    expect(uid).toBeGreaterThanOrEqual(40_000);
    expect({ gid, groups }).toEqual({ gid: uid, groups: [uid] });
    expect(await attempt("process.setuid(0)")).toMatchObject({ refused: "EPERM" });
    expect(await attempt("process.kill(process.ppid, 0)")).toMatchObject({ refused: "EPERM" });
  });

  it("says what it cannot have where this machine does not give it", () => {
    const said = engine.notices.join("\n");
    expect(/share the user of this process/.test(said)).toBe(process.getuid?.() !== 0);
  });
});

describe("a job in its sandbox", () => {
  it.each([
    "s.constructor.constructor",
    "console.log.constructor",
    "setTimeout.constructor",
    "Buffer.from.constructor",
    "Object.getPrototypeOf(Object.getPrototypeOf(s).toString).constructor",
    "(() => { try { Buffer.alloc(-1); } catch (e) { return e.constructor.constructor; } })()",
    "Buffer.from('a').slice.constructor",
    "Reflect.getPrototypeOf(console.log).constructor.constructor",
    "setTimeout(() => {}, 0).constructor.constructor",
  ])("compiles no text through %s", async (way) => {
    const body = `${fn}fn((s) => { const make = ${way}; return { got: make("return typeof process")() }; });`;
    const { end } = await execute(engine, oneStep(body));
    expect(end).toMatchObject({ error: { reason: "kill", type: "SecurityError" } });
  });

  it("leaves nothing behind for the next run", async () => {
    const pollute = "s.constructor.prototype.left = 1; Object.prototype.left = 1;";
    await execute(engine, oneStep(`${fn}fn((s) => { ${pollute} return s; });`));
    const { end } = await execute(
      engine,
      oneStep(`${fn}fn((s) => ({ left: [s.left ?? 0, ({}).left ?? 0] }));`),
    );
    expect(end).toMatchObject({ finalState: '{"left":[0,0]}' });
  });

  it("imports no module that is not of OpenFn, and none while it runs", async () => {
    const { end } = await execute(engine, oneStep('import fs from "node:fs";'));
    expect(end).toMatchObject({ error: { reason: "crash", type: "ImportError" } });
    const late = await execute(engine, oneStep(`${fn}fn(() => import("node:fs"));`));
    expect(late.end).toMatchObject({ error: { reason: "fail", type: "RuntimeError" } });
  });
});
