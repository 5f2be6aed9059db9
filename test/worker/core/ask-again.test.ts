import { runTopic } from "@workloops/worker/protocol";
import { expect, test } from "vitest";
import { ScriptedWorker } from "./scripted-worker.ts";

const plan = { jobs: [{ id: "a", body: "x" }], edges: [] };

function joinRuns(worker: ScriptedWorker, runs: readonly string[]): void {
  for (const run of runs) worker.reply(worker.lastSent("phx_join", runTopic(run)), "ok", {});
}

/** A worker that has asked for the plan of each of these in one moment. */
function planning(...runs: readonly string[]): ScriptedWorker {
  const worker = new ScriptedWorker("*:4").start().join();
  worker.grant("*", ...runs);
  for (const run of runs) check(worker, run);
  joinRuns(worker, runs);
  return worker;
}

function check(worker: ScriptedWorker, run: string): void {
  const verdict = { ok: true, value: { expiresAt: undefined } } as const;
  worker.tell({ type: "token-checked", run, verdict });
}

function reconnect(worker: ScriptedWorker, ...runs: readonly string[]): void {
  worker.close();
  worker.pass(5_000);
  worker.join();
  joinRuns(worker, runs);
}

const asked = (worker: ScriptedWorker, run: string) =>
  worker.sent("fetch:plan", runTopic(run)).length;

/** Answers the plan that was asked for last for this run, and says whether it is executed. */
function answerPlan(worker: ScriptedWorker, run: string): boolean {
  worker.reply(worker.lastSent("fetch:plan", runTopic(run)), "ok", plan);
  worker.tell({ type: "journalled", run });
  return worker.effects.some((effect) => effect.type === "execute" && effect.run === run);
}

test.each([
  ["before", ["bad", "good", "fine"]],
  ["between", ["good", "bad", "fine"]],
  ["after", ["good", "fine", "bad"]],
] as const)(
  "a plan that cuts the socket each time ends its own run alone, asked for %s good ones",
  (_name, runs) => {
    const worker = planning(...runs);
    const open = new Set<string>(runs);
    for (let cuts = 1; worker.state.runs.get("bad")?.phase.type === "planning"; cuts += 1) {
      expect(cuts).toBeLessThanOrEqual(3);
      reconnect(worker, ...open);
      // What is asked again is asked of one at a time: each good one is answered, the bad one cuts.
      for (let one = next(worker, open); one !== "bad" && one !== undefined; ) {
        expect(answerPlan(worker, one)).toBe(true);
        open.delete(one);
        one = next(worker, open);
      }
    }
    worker.answerEvents("bad");
    expect(worker.lastSent("run:complete").payload).toMatchObject({ error_type: "PlanError" });
    expect([asked(worker, "bad"), asked(worker, "good"), asked(worker, "fine")]).toEqual([3, 2, 2]);
  },
);

/** The one run whose plan is asked for now, where one is. */
function next({ state }: ScriptedWorker, open: ReadonlySet<string>): string | undefined {
  const plans = [...state.connection.requests.values()].flatMap(({ purpose }) =>
    purpose.type === "plan" ? [purpose.run] : [],
  );
  expect(plans.length).toBeLessThanOrEqual(1);
  expect(plans.every((run) => open.has(run))).toBe(true);
  return plans[0];
}

test("a run that is new is asked for at once, whoever is asked for again", () => {
  const worker = planning("a");
  reconnect(worker, "a");
  worker.grant("*", "new");
  check(worker, "new");
  joinRuns(worker, ["new"]);
  expect(asked(worker, "new")).toBe(1);
});

test.each([
  ["is answered", (worker: ScriptedWorker) => answerPlan(worker, "a")],
  ["is refused", refuse],
  ["is not answered in time", (worker: ScriptedWorker) => worker.pass(30_000)],
  ["loses its channel", (worker: ScriptedWorker) => worker.push("run:a", "phx_error")],
])("where the run that is asked for %s, the next one is asked for", (_name, happens) => {
  const worker = planning("a", "b");
  reconnect(worker, "a", "b");
  expect([asked(worker, "a"), asked(worker, "b")]).toEqual([2, 1]);
  happens(worker);
  expect(asked(worker, "b")).toBe(2);
});

function refuse(worker: ScriptedWorker): void {
  worker.reply(worker.lastSent("fetch:plan", "run:a"), "error", "not found");
}

test("content that came before the socket was cut is not asked for again, and the rest in turn", () => {
  const worker = planning("a", "b");
  for (const run of ["a", "b"]) {
    const more = { dataclip_id: `clip of ${run}` };
    worker.reply(worker.lastSent("fetch:plan", runTopic(run)), "ok", { ...plan, ...more });
  }
  reconnect(worker, "a", "b");
  expect(worker.sent("fetch:dataclip", "run:a")).toHaveLength(2);
  expect(worker.sent("fetch:dataclip", "run:b")).toHaveLength(1);
  worker.reply(worker.lastSent("fetch:dataclip", "run:a"), "ok", new Uint8Array([123, 125]));
  expect(worker.sent("fetch:dataclip", "run:b")).toHaveLength(2);
});

test("a worker that is stopped asks no more", () => {
  const worker = planning("a", "b");
  reconnect(worker, "a", "b");
  worker.tell({ type: "stop" });
  expect(asked(worker, "b")).toBe(1);
  expect(worker.effects.at(-1)).toMatchObject({ type: "stopped", left: ["a", "b"] });
});
