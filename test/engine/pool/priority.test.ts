import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { lowerPriority, mayLowerOthers } from "../../../packages/engine/src/pool/priority.ts";

let child: ChildProcess | undefined;
afterEach(() => void child?.kill("SIGKILL"));

/** A process that has said that it runs, with all threads that V8 and Node start. */
async function running(detached: boolean): Promise<number> {
  const program = "process.stdout.write('up'); setInterval(() => {}, 1e6);";
  const stdio = ["ignore", "pipe", "ignore"] as const;
  child = spawn(process.execPath, ["-e", program], { detached, stdio: [...stdio] });
  if (child.stdout === null) throw new Error("It has no output.");
  await once(child.stdout, "data");
  return child.pid ?? 0;
}

/** The niceness of each thread, from its line in /proc behind the name. */
function niceness(pid: number): readonly number[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    const line = readFileSync(`/proc/${pid}/task/${thread}/stat`, "utf8");
    return Number(line.split(") ").at(-1)?.split(" ")[16]);
  });
}

const session = (pid: number | "self") => readFileSync(`/proc/${pid}/autogroup`, "utf8").trim();

describe.runIf(existsSync("/proc/self/task"))("a process that yields the processor", () => {
  it("does so with each of its threads", async () => {
    const pid = await running(true);
    const before = niceness(pid);
    expect(before.length).toBeGreaterThan(4);
    lowerPriority(pid);
    expect(niceness(pid)).toEqual(before.map(() => 10));
  });

  it("lives no more, and nothing happens", async () => {
    const pid = await running(true);
    child?.kill("SIGKILL");
    if (child !== undefined) await once(child, "close");
    expect(lowerPriority(pid)).toBe(true);
  });
});

// Not every kernel groups processes by session.
describe.runIf(existsSync("/proc/self/autogroup"))("a session that yields the processor", () => {
  it("is that of the process, which leads it", async () => {
    const pid = await running(true);
    expect(session(pid)).toMatch(/nice 0$/);
    while (!lowerPriority(pid)) await new Promise(setImmediate);
    expect(session(pid)).toMatch(/nice 5$/);
  });

  it("is never the worker's own", async () => {
    const pid = await running(false);
    const own = session("self");
    expect(session(pid)).toBe(own);
    expect(lowerPriority(pid)).toBe(true);
    expect(session("self")).toBe(own);
  });
});

describe("the right to lower other users' processes", () => {
  it.each([
    ["root of a machine", "CapPrm:\t0\nCapEff:\t000001fffeffffff\n", true],
    ["root of a container, as Docker makes it", "CapEff:\t00000000a80425fb\n", false],
    ["a system without capabilities", "", true],
  ])("of %s", (_name, status, expected) => {
    expect(mayLowerOthers(status)).toBe(expected);
  });
});
