import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { removeStaleFolders, runFolders } from "../../../packages/engine/src/pool/run-folders.ts";

/** The id of a process that has ended. */
async function endedPid(): Promise<number> {
  const child = spawn(process.execPath, ["-e", ""]);
  await new Promise((resolve) => child.once("exit", resolve));
  return child.pid ?? 0;
}

describe("run folders", () => {
  it("are private, and go", async () => {
    const folders = runFolders();
    const folder = folders.create(process.getuid?.() === 0 ? 40_001 : undefined);
    const { mode, uid } = statSync(folder);
    expect([mode & 0o777, uid]).toEqual([
      0o700,
      process.getuid?.() === 0 ? 40_001 : process.getuid?.(),
    ]);
    writeFileSync(join(folder, "a"), "");
    await folders.remove(folder);
    expect(existsSync(folder)).toBe(false);
    folders.removeAll();
    expect(existsSync(join(folder, ".."))).toBe(false);
  });

  it("of an engine that was killed go with what still runs in them", async () => {
    const base = mkdtempSync(join(tmpdir(), `workloops-engine-${await endedPid()}-`));
    const folder = mkdtempSync(join(base, "1-"));
    const orphan = spawn(process.execPath, ["-e", "for (;;);"], { cwd: folder });
    const ended = new Promise((resolve) => orphan.once("exit", (_code, signal) => resolve(signal)));
    removeStaleFolders();
    expect(await ended).toBe("SIGKILL");
    expect(existsSync(base)).toBe(false);
  });

  it("of an engine that lives stay", () => {
    const base = mkdtempSync(join(tmpdir(), `workloops-engine-${process.pid}-`));
    removeStaleFolders();
    expect(existsSync(base)).toBe(true);
    rmSync(base, { recursive: true });
  });
});
