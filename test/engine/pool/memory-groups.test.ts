import { spawn } from "node:child_process";
import { describe, expect, it } from "vitest";
import { memoryGroups } from "../../../packages/engine/src/pool/memory-groups.ts";

const create = memoryGroups();

/** A process that takes all the memory there is once it is told to go. */
function start() {
  const code =
    "process.stdin.once('data', () => { const l = []; for (;;) l.push(Buffer.alloc(1e7, 1)); })";
  const hungry = spawn(process.execPath, ["-e", code]);
  const ended = new Promise((resolve) => hungry.once("exit", (_code, signal) => resolve(signal)));
  return { hungry, ended };
}

// A machine that lets nobody make control groups says so in the engine's notices.
describe.runIf(create !== undefined)("memory groups", () => {
  it("end a process that takes more, and know that they did", async () => {
    const { hungry, ended } = start();
    const group = await create?.(hungry.pid ?? 0, 150);
    expect(group?.killedAt()).toBeUndefined();
    hungry.stdin.write("go");
    expect(await ended).toBe("SIGKILL");
    expect(group?.killedAt()).toBe("own");
    await group?.remove();
  });

  it("do not take a kill from outside for one of theirs", async () => {
    const { hungry, ended } = start();
    const group = await create?.(hungry.pid ?? 0, 150);
    hungry.kill("SIGKILL");
    expect(await ended).toBe("SIGKILL");
    expect(group?.killedAt()).toBeUndefined();
    await group?.remove();
  });

  it("are not there for a process that is gone", async () => {
    const brief = spawn(process.execPath, ["-e", ""]);
    await new Promise((resolve) => brief.once("close", resolve));
    expect(await create?.(brief.pid ?? 0, 150)).toBeUndefined();
  });
});
