import { spawn } from "node:child_process";
import { describe, expect, it } from "vitest";
import { memoryGroups } from "../../../packages/engine/src/pool/memory-groups.ts";

const create = memoryGroups();

// A machine that lets nobody make control groups says so in the engine's notices.
describe.runIf(create !== undefined)("memory groups", () => {
  it("end a process that takes more, and know that they did", async () => {
    const hungry = spawn(process.execPath, [
      "-e",
      "process.stdin.once('data', () => { const l = []; for (;;) l.push(Buffer.alloc(1e7, 1)); })",
    ]);
    const ended = new Promise((resolve) => hungry.once("exit", (_code, signal) => resolve(signal)));
    const group = await create?.(hungry.pid ?? 0, 150);
    expect(group?.killed()).toBe(false);
    hungry.stdin.write("go");
    expect(await ended).toBe("SIGKILL");
    expect(group?.killed()).toBe(true);
    await group?.remove();
  });

  it("are not there for a process that is gone", async () => {
    const brief = spawn(process.execPath, ["-e", ""]);
    await new Promise((resolve) => brief.once("close", resolve));
    expect(await create?.(brief.pid ?? 0, 150)).toBeUndefined();
  });
});
