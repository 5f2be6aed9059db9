import type { ExecutionPlan } from "@workloops/engine";
import { fn, oneStep } from "../engine/one-step.ts";
import { writeRepo } from "../engine/write-repo.ts";

const name = "@openfn/language-hostile";
const declared = "export declare const op: (...args: unknown[]) => unknown;";
/** Writes the adaptor that gives its job all of Node into a repo dir. */
export function writeHostileAdaptor(repoDir: string): void {
  writeRepo(repoDir, [
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
}

const hostile = (expression: string, version = "1.0.0"): ExecutionPlan => ({
  id: "hostile",
  steps: [{ id: "j", adaptors: [`${name}@${version}`], expression }],
});

/** One job for each way to be a bad neighbour, and how it must end. */
export const hostileJobs: readonly (readonly [string, ExecutionPlan, string | undefined])[] = [
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
    "a stop signal to itself",
    hostile(`op("process.kill(process.pid, 'SIGSTOP')");`),
    "TimeoutError",
  ],
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
