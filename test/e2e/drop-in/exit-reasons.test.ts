import { expect, test } from "vitest";
import type { BareRun } from "./bare-lightning.ts";
import { bare, chain, fn, isEnd, worker } from "./scene.ts";

const job = (text: string, more: object = {}) => chain("r", [`${fn}${text}`], more);
const withClip = (more: object) => ({ ...job("fn((s) => s);", { dataclip_id: "clip" }), ...more });
const withCredential = (): BareRun => {
  const { id, plan } = job("fn((s) => s);");
  const [only] = plan.jobs;
  return { id, plan: { ...plan, jobs: [{ ...only, credential_id: "lost" }] } };
};
const edge = (condition: string): BareRun => {
  const { id, plan } = chain("r", [`${fn}fn((s) => s);`, `${fn}fn((s) => s);`]);
  return { id, plan: { ...plan, edges: plan.edges.map((one) => ({ ...one, condition })) } };
};

/** The table of exit reasons, a way to each. Source: worker-contract 5, and the job vectors for the names. */
const ways: readonly (readonly [string, BareRun, string, string | null])[] = [
  ["a job that ends well", job("fn((s) => s);"), "success", null],
  [
    "a failing step whose downstream ran",
    {
      ...edge("on_job_failure"),
      plan: {
        ...edge("on_job_failure").plan,
        jobs: chain("r", [`${fn}fn(() => { throw new Error("no"); });`, `${fn}fn((s) => s);`]).plan
          .jobs,
      },
    },
    "success",
    null,
  ],
  ["an error of a job", job('fn(() => { throw new Error("no"); });'), "fail", "JobError"],
  ["a TypeError", job("fn((s) => s.a.b.c);"), "fail", "RuntimeError"],
  ["a RangeError", job("fn(() => new Array(-1));"), "fail", "RuntimeError"],
  ["a ReferenceError", job("fn(() => nothing);"), "crash", "RuntimeCrash"],
  ["a body that is no program", job("fn((s) => {"), "crash", "CompileError"],
  ["an edge that throws", edge("state.a.b.c"), "crash", "EdgeConditionError"],
  [
    "a plan that starts nowhere",
    job("fn((s) => s);", { starting_node_id: "x" }),
    "crash",
    "ValidationError",
  ],
  [
    "an error that nobody holds",
    job("fn(() => new Promise(() => setTimeout(() => nothing, 1)));"),
    "crash",
    "ExecutionError",
  ],
  [
    "too much time",
    job("fn(() => new Promise(() => {}));", { options: { run_timeout_ms: 300 } }),
    "kill",
    "TimeoutError",
  ],
  [
    "a loop without end",
    job("fn(() => { for (;;); });", { options: { run_timeout_ms: 300 } }),
    "kill",
    "TimeoutError",
  ],
  [
    "too much memory",
    job("fn(() => { const l = []; for (;;) l.push(new Array(1e5).fill(1.5)); });", {
      options: { run_memory_limit_mb: 60 },
    }),
    "kill",
    "OOMError",
  ],
  [
    "a state of over a quarter of the memory",
    job('fn(() => ({ data: "x".repeat(30_000_000) }));', { options: { run_memory_limit_mb: 100 } }),
    "kill",
    "StateTooLargeError",
  ],
  ["eval", job('fn(() => eval("1"));'), "kill", "SecurityError"],
  ["a credential that is not there", withCredential(), "exception", "CredentialLoadError"],
  ["an input that is not there", withClip({}), "exception", "DataClipError"],
];

test.each(ways)("%s", async (_name, run, reason, error_type) => {
  const { url, offer, frame, frames, mostInFlight } = await bare(({ event }) => {
    if (event === "fetch:dataclip") return { status: "error", response: { reason: "gone" } };
    if (event !== "fetch:credential") return undefined;
    return { status: "error", response: { errors: { id: ["Credential not found!"] } } };
  });
  offer(run);
  const program = worker(url, ["--run-memory", "200"]);
  const { payload } = await frame(isEnd("r"));
  expect({ reason: payload.reason, error_type: payload.error_type }).toEqual({
    reason,
    error_type,
  });
  if (error_type !== null) expect(payload.error_message).toMatch(/./);
  // Each step that began has ended before the run does, and the reason is the step's too.
  const named = (event: string) => frames.filter((one) => one.event === event);
  expect(named("step:complete")).toHaveLength(named("step:start").length);
  expect(frames.filter(isEnd("r"))).toHaveLength(1);
  expect(mostInFlight()).toBe(1);
  const lines = named("run:log").map((one) => one.payload.message[0]);
  expect(lines).toContain(`Run complete with status: ${reason}`);
  program.signal("SIGTERM");
  expect(await program.ended).toBe(0);
});
