import type { Engine, ExecutionPlan } from "@workloops/engine";
import { describe, expect, it } from "vitest";
import { engineForTests, execute, fn, oneStep, type Said } from "../engine/execute.ts";
import { repoWith } from "../engine/fake-adaptor.ts";

const name = "@openfn/language-hostile";
const declared = "export declare const op: (...args: unknown[]) => unknown;";
const repoDir = repoWith([
  {
    name,
    version: "1.0.0",
    files: {
      "index.d.ts": declared,
      "index.js": "export const op = (how) => () => new Function('process', how)(process);",
    },
  },
  {
    name,
    version: "2.0.0",
    files: { "index.d.ts": declared, "index.js": "export const op = 1; throw new Error('no');" },
  },
]);

const hostile = (expression: string, version = "1.0.0"): ExecutionPlan => ({
  id: "hostile",
  steps: [{ id: "j", adaptors: [`${name}@${version}`], expression }],
});

/** One job for each way to be a bad neighbour, and how it must end. */
const neighbours: readonly (readonly [string, ExecutionPlan, string | undefined])[] = [
  ["heap", body("const l = []; for (;;) l.push(new Array(1e5).fill(1.5));"), "OOMError"],
  ["Buffers", body("const l = []; for (;;) l.push(Buffer.alloc(5e7, 1));"), "OOMError"],
  ["an endless loop", body("for (;;);"), "TimeoutError"],
  ["endless microtasks", asyncBody("for (;;) await null;"), "TimeoutError"],
  ["a flood of lines", body("for (;;) console.log('x'.repeat(1000));"), "TimeoutError"],
  [
    "a thousand timers",
    body(
      "for (let i = 0; i < 1000; i += 1) setInterval(() => {}, 1); return new Promise(() => {});",
    ),
    "TimeoutError",
  ],
  ["process.exit", hostile('op("process.exit(0)");'), "ExitError"],
  ["a signal to itself", hostile(`op("process.kill(process.pid, 'SIGKILL')");`), "ExitError"],
  [
    "a signal to its parent",
    hostile(`op("try { process.kill(process.ppid, 0) } catch (e) { throw new Error(e.code) }");`),
    process.getuid?.() === 0 ? "AdaptorError" : undefined,
  ],
  ["deep recursion", body("const f = () => f(); return f();"), "AdaptorError"],
  [
    "prototype pollution",
    body("s.constructor.prototype.data = 'mine'; Object.prototype.ok = 'no'; return {};"),
    undefined,
  ],
  ["an adaptor that throws while it loads", hostile("op();", "2.0.0"), "ImportError"],
];

function body(text: string): ExecutionPlan {
  return oneStep(`${fn}fn((s) => { ${text} });`);
}

function asyncBody(text: string): ExecutionPlan {
  return oneStep(`${fn}fn(async (s) => { ${text} });`);
}

const good = oneStep(
  `${fn}fn((s) => { console.log("mine"); return { ...s, ok: s.data.n * 2 }; });`,
);

/** Five good runs at once: what each said of itself, without the times. */
async function fiveGoodRuns(engine: Engine): Promise<readonly unknown[]> {
  const runs = [1, 2, 3, 4, 5].map((n) => execute(engine, good, JSON.stringify({ data: { n } })));
  return (await Promise.all(runs)).map(told);
}

function told({ events, end }: Said): unknown {
  return {
    kinds: events.map((event) => (event.type === "log" ? `log ${event.source}` : event.type)),
    finalState: end.type === "workflow-complete" ? end.finalState : end.error,
  };
}

const timeoutMs = 4_000;

describe("five good runs beside a hostile one", async () => {
  const engine = await engineForTests({ repoDir, memoryLimitMb: 100 });
  const alone = await fiveGoodRuns(engine);

  it.each(neighbours)("%s", async (_name, plan, type) => {
    const hostileRun = execute(engine, plan, "{}", { timeoutMs });
    const beside = await fiveGoodRuns(engine);
    const { end } = await hostileRun;
    expect(beside).toEqual(alone);
    expect("error" in end ? end.error?.type : undefined).toBe(type);
  });
});
