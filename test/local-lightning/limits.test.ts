import {
  addRun,
  claimRuns,
  createLedger,
  handleRunEvent,
  joinQueue,
  joinRun,
  type Ledger,
  type Moment,
  runTokenClaims,
} from "@workloops/local-lightning/run-ledger";
import { expect, test } from "vitest";

let events = 0;
const moment = (): Moment => {
  events += 1;
  return { now: 1_790_000_000_000_000 + events * 1_000, newId: () => `id ${events}` };
};

const claim = { demand: 1, worker_name: "w".repeat(1_000), queues: ["*", "x".repeat(10_000)] };

/** A run that a worker has claimed and joined, and what it says of it. */
function claimed(ledger: Ledger) {
  const run = addRun(ledger, { queue: "default", jobs: [{ id: "job" }] }, moment());
  const answer = claimRuns(ledger, "w", claim, moment(), { mint: () => "token" });
  expect(answer.granted).toEqual([run]);
  const claims = runTokenClaims(ledger, run, moment());
  const { channel } = joinRun(ledger, run.id, "w", claims, moment());
  if (channel === undefined) throw new Error("the join was refused");
  const say = (event: string, payload: unknown) =>
    handleRunEvent(ledger, channel, event, payload, moment()).kind;
  return { run, say };
}

test("a thousand workers are remembered, and of those beyond the ones that run nothing go", () => {
  const ledger = createLedger();
  joinQueue(ledger, "w", {}, moment());
  claimed(ledger).say("run:start", {});
  for (let index = 0; index < 1_200; index += 1) joinQueue(ledger, `w${index}`, {}, moment());
  expect(ledger.workers.size).toBe(1_000);
  expect([ledger.workers.has("w"), ledger.workers.has("w0"), ledger.workers.has("w1199")]).toEqual([
    true,
    false,
    true,
  ]);
});

test("names, chains and sentences of a worker are cut", () => {
  const ledger = createLedger();
  const queues = Object.fromEntries(
    Array.from({ length: 1_100 }, (_, index) => [`${index}${"q".repeat(9_000)}`, 1]),
  );
  joinQueue(ledger, "w", { queues }, moment());
  const slots = ledger.workers.get("w")?.slots ?? new Map<string, number>();
  expect(slots.size).toBe(1_000);
  expect(Math.max(...[...slots.keys()].map(({ length }) => length))).toBe(6_500);
  const { run, say } = claimed(ledger);
  expect([run.workerName?.length, run.chain?.length]).toEqual([256, 6_500]);
  say("y".repeat(500), {});
  say("run:complete", { reason: "crash", error_message: "z".repeat(20_000) });
  expect([run.events.at(-2)?.event.length, run.errorMessage?.length]).toEqual([101, 10_001]);
});

test("lines, steps, events, ends and accusations of a run are kept up to a limit", () => {
  const ledger = createLedger({ logLinesKeptPerRun: 2, stepsPerRun: 2, eventsKeptPerRun: 5 });
  const { run, say } = claimed(ledger);
  const line = { message: "m", timestamp: "1790000000000001" };
  for (let index = 0; index < 3; index += 1) expect(say("run:log", line)).toBe("ok");
  expect([run.logs.length, run.logsDropped]).toEqual([2, 1]);
  const step = (digit: number) => ({
    step_id: `1111111${digit}-1111-4111-8111-111111111111`,
    job_id: "job",
  });
  expect([1, 2, 3].map((digit) => say("step:start", step(digit)))).toEqual(["ok", "ok", "error"]);
  expect(run.events).toHaveLength(5);
  for (let index = 0; index < 600; index += 1) {
    say("run:start", {});
    say("run:complete", { reason: "fail" });
  }
  expect(run.ends).toHaveLength(100);
  expect(ledger.violations.first).toHaveLength(1_000);
  expect(ledger.violations.total).toBeGreaterThan(1_000);
});

test("a run that was forgotten is gone for the channel that still has it", () => {
  const ledger = createLedger({ runsKept: 1 });
  const { say } = claimed(ledger);
  expect(say("run:complete", { reason: "success" })).toBe("ok");
  claimed(ledger);
  expect(say("run:start", {})).toBe("crash");
  expect([ledger.runs.size, ledger.queue.entries.size, ledger.ended.size]).toEqual([1, 1, 0]);
});

test("the values of a credential are looked for up to fifty, the longest first", () => {
  const ledger = createLedger();
  const values = Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => [`k${index}`, `secret-${index}`]),
  );
  const credentials = new Map([["c", values]]);
  const run = addRun(ledger, { queue: "default", jobs: [{ id: "job" }], credentials }, moment());
  claimRuns(ledger, "w", claim, moment(), { mint: () => "token" });
  const { channel } = joinRun(ledger, run.id, "w", runTokenClaims(ledger, run, moment()), moment());
  if (channel === undefined) throw new Error("the join was refused");
  handleRunEvent(ledger, channel, "fetch:credential", { id: "c" }, moment());
  const message = "secret-1 secret-10 secret-49 secret-59";
  const line = { message, timestamp: "1790000000000001" };
  handleRunEvent(ledger, channel, "run:log", line, moment());
  // The 51st and those behind it are not looked for, but the shorter one inside is.
  expect(run.logs.map((log) => log.message)).toEqual(["*** *** *** ***9"]);
});

test("what a step id that is there already does can be chosen", () => {
  for (const keyClash of ["error", "crash"] as const) {
    const { say } = claimed(createLedger({ keyClash }));
    const step = { step_id: "11111111-1111-4111-8111-111111111111", job_id: "job" };
    const clip = {
      output_dataclip_id: "21111111-1111-4111-8111-111111111111",
      output_dataclip: "{}",
    };
    const done = { ...step, ...clip, reason: "success" };
    expect([say("step:start", step), say("step:start", step)]).toEqual(["ok", keyClash]);
    expect([say("step:complete", done), say("step:complete", done)]).toEqual(["ok", keyClash]);
  }
});
