import { readFileSync } from "node:fs";
import type { RunEvent } from "@workloops/engine";
import { describe, expect, it } from "vitest";
import { engineForTests, execute, fn, oneStep, sortEvents } from "./execute.ts";
import { repoWith } from "./fake-adaptor.ts";

const name = "@openfn/language-deadly";
const repoDir = repoWith([
  {
    name,
    version: "1.0.0",
    files: {
      "index.d.ts":
        "export function die(how: string): unknown;\nexport function forge(text: string): unknown;",
      "index.js": `
import { writeSync } from "node:fs";
export const die = (how) => () => typeof how === "number" ? process.exit(how) : process.kill(process.pid, how);
export const forge = (bytes) => () => { writeSync(3, Buffer.from(bytes)); return new Promise(() => {}); };`,
    },
  },
  {
    name: "@openfn/language-broken",
    version: "1.0.0",
    files: {
      "index.d.ts": "export declare const op: unknown;",
      "index.js": 'export const op = 1; throw new Error("no good");',
    },
  },
]);
const engine = await engineForTests({ repoDir, memoryLimitMb: 100 });
const step = (expression: string, adaptor = `${name}@1.0.0`) => ({
  id: "run",
  steps: [{ id: "j", name: "Job J", adaptors: [adaptor], expression }],
});
const well = oneStep(`${fn}fn((s) => ({ ok: 1 }));`);

describe("the death of a child", () => {
  it.each([
    ["by its own exit", "die(3);", "ExitError", "ended by itself with exit code 3"],
    ["by a signal", 'die("SIGKILL");', "ExitError", "ended by SIGKILL from outside"],
    ["by a segmentation fault", 'die("SIGSEGV");', "ExitError", "ended by SIGSEGV from outside"],
    ["by a forged frame", "forge([0, 0, 0, 1, 0, 0, 0, 0, 91]);", "ExitError", "ended"],
    ["by an endless frame", "forge([255, 255, 255, 255, 0, 0, 0, 0]);", "ExitError", "ended"],
    [
      "by a forged event",
      `forge([0, 0, 0, 9, 0, 0, 0, 0, ...'{"a":"b"}'].map((c) => typeof c === "string" ? c.charCodeAt(0) : c));`,
      "ExitError",
      "said something that no run says",
    ],
  ])("%s is told, and the next run works", async (_name, body, type, message) => {
    const { end, steps } = await execute(engine, step(body));
    expect(end).toMatchObject({ error: { reason: "crash", type } });
    expect("error" in end && end.error?.message).toContain(message);
    expect(steps).toMatchObject([{ stepId: "j", output: "{}", error: { type } }]);
    expect((await execute(engine, well)).end).toMatchObject({ finalState: '{"ok":1}' });
  });

  it.each([
    ["a full heap", "const l = []; for (;;) l.push(new Array(1e5).fill(1.5));"],
    [
      "a Buffer beside the heap",
      "s.b = Buffer.alloc(600 * 1024 * 1024, 1); return new Promise(() => {});",
    ],
    ["a Buffer that it soon drops", "Buffer.alloc(600 * 1024 * 1024, 1); return {};"],
    [
      "a Buffer that it does not touch",
      "s.b = Buffer.alloc(600 * 1024 * 1024); return new Promise(() => {});",
    ],
  ])("%s is a kill for memory", async (_name, body) => {
    const { end } = await execute(engine, oneStep(`${fn}fn((s) => { ${body} });`));
    expect(end).toMatchObject({ error: { reason: "kill", type: "OOMError" } });
  });

  it.each([["from outside", (pid: number) => process.kill(pid, "SIGKILL")]])(
    "%s in the middle of a run is a crash",
    async (_name, kill) => {
      const events: RunEvent[] = [];
      const body = `${fn}fn((s) => s);\nfn(() => new Promise(() => {}));`;
      const two = {
        id: "run",
        steps: [
          { id: "a", expression: `${fn}fn((s) => s);`, next: { b: true } },
          { id: "b", expression: body },
        ],
      };
      await engine.execute(two, "{}", {}, "manual", (event) => {
        events.push(event);
        const done = events.find((e) => e.type === "step-complete");
        if (event.type === "step-start" && event.stepId === "b" && done?.type === "step-complete")
          kill(Number(done.threadId));
      }).ended;
      const { end, steps } = sortEvents(events);
      expect(end).toMatchObject({ stepId: "b", error: { reason: "crash", type: "ExitError" } });
      expect(steps.map(({ stepId, error }) => [stepId, error?.type])).toEqual([
        ["a", undefined],
        ["b", "ExitError"],
      ]);
    },
  );

  it("of a spare is no death of a run", async () => {
    const small = await engineForTests({ repoDir, capacity: 1 });
    await execute(small, well);
    const children = readFileSync(`/proc/self/task/${process.pid}/children`, "utf8");
    const run = execute(small, well);
    for (const pid of children.trim().split(" ")) process.kill(Number(pid), "SIGKILL");
    expect((await run).end).toMatchObject({ finalState: '{"ok":1}' });
  });

  it("does not come to a run for being long; it yields the processor", async () => {
    let pid = "";
    const run = engine.execute(
      {
        id: "run",
        steps: [
          { id: "a", expression: `${fn}fn((s) => s);`, next: { b: true } },
          { id: "b", expression: `${fn}fn(() => { for (;;); });` },
        ],
      },
      "{}",
      { timeoutMs: 20_000 },
      "manual",
      (event) => {
        if (event.type === "step-complete" && event.stepId === "a") pid = event.threadId;
      },
    );
    // The 19th field is the niceness; the second may hold anything but a last parenthesis.
    const niceness = () =>
      readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[16];
    await expect.poll(() => pid !== "" && niceness(), { timeout: 10_000 }).toBe("10");
    run.kill({ reason: "kill", type: "Enough", message: "" });
    await run.ended;
  });

  it("an adaptor that throws while it loads ends the step that uses it, no other", async () => {
    const broken = "@openfn/language-broken@1.0.0";
    const { end } = await execute(engine, step("op(1);", broken));
    expect(end).toMatchObject({ error: { reason: "crash", type: "ImportError" } });
    expect("error" in end && end.error?.message).toContain("could not be loaded: no good");
    expect((await execute(engine, step(`${fn}fn((s) => s);`, broken))).end).not.toHaveProperty(
      "error",
    );
  });
});
