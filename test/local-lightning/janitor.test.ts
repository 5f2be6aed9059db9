import {
  addRun,
  claimRuns,
  createLedger,
  handleRunEvent,
  joinRun,
  type Moment,
  type RunChannel,
  runJanitor,
  runTokenClaims,
} from "@workloops/local-lightning/run-ledger";
import { expect, test } from "vitest";

const start = 1_790_000_000;
let ids = 0;

/** A moment so many seconds after the first. */
function at(seconds: number): Moment {
  return {
    now: (start + seconds) * 1_000_000,
    newId: () => {
      ids += 1;
      return `00000000-0000-4000-8000-${String(ids).padStart(12, "0")}`;
    },
  };
}

const step = { step_id: "11111111-1111-4111-8111-111111111111", job_id: "job" };

function scene() {
  const ledger = createLedger({ runTimeoutMs: 60_000, graceSeconds: 10 });
  const run = addRun(ledger, { queue: "default", jobs: [{ id: "job" }] }, at(0));
  const claim = (seconds: number): void => {
    const payload = { demand: 1, worker_name: null, queues: ["*"] };
    claimRuns(ledger, "w", payload, at(seconds), { mint: () => "token" });
  };
  const join = (seconds: number): RunChannel => {
    const claims = runTokenClaims(ledger, run, at(seconds));
    const { channel } = joinRun(ledger, run.id, "w", claims, at(seconds));
    if (channel === undefined) throw new Error("the join was refused");
    return channel;
  };
  const say = (channel: RunChannel, event: string, payload: object, seconds: number) =>
    handleRunEvent(ledger, channel, event, payload, at(seconds));
  const lostAt = (seconds: number): boolean => runJanitor(ledger, at(seconds)).includes(run);
  return { ledger, run, claim, join, say, lostAt };
}

test("a run that nobody claims is never lost", () => {
  const { run, lostAt } = scene();
  expect(lostAt(1_000_000)).toBe(false);
  expect(run.state).toBe("available");
});

test("a claimed run is lost after its timeout and the grace, counted from the claim", () => {
  const { run, claim, lostAt, ledger } = scene();
  claim(5);
  expect(lostAt(75)).toBe(false);
  expect(lostAt(76)).toBe(true);
  expect(run).toMatchObject({ state: "lost", errorType: "LostAfterClaim" });
  expect(lostAt(77)).toBe(false);
  expect(ledger.counts.lost).toBe(1);
});

test("a started run is lost counted from its start, and its open steps with it", () => {
  const { run, claim, join, say, lostAt } = scene();
  claim(0);
  const channel = join(0);
  say(channel, "run:start", {}, 30);
  say(channel, "step:start", step, 31);
  expect(lostAt(100)).toBe(false);
  expect(lostAt(101)).toBe(true);
  expect(run).toMatchObject({ state: "lost", errorType: "LostAfterStart" });
  expect([...run.steps.values()]).toMatchObject([{ reason: "lost" }]);
});

test("a step left open by a run that ended is lost after the grace", () => {
  const { run, claim, join, say, lostAt } = scene();
  claim(0);
  const channel = join(0);
  say(channel, "run:start", {}, 1);
  say(channel, "step:start", step, 2);
  say(channel, "run:complete", { reason: "crash" }, 3);
  expect(lostAt(13)).toBe(false);
  expect([...run.steps.values()]).toMatchObject([{ reason: null }]);
  expect(lostAt(14)).toBe(false);
  expect([...run.steps.values()]).toMatchObject([{ reason: "lost" }]);
  expect(run.state).toBe("crashed");
});

test("a run's own timeout counts, in the janitor and in its token", () => {
  const ledger = createLedger({ runTimeoutMs: 60_000, graceSeconds: 10 });
  const spec = { queue: "default", jobs: [{ id: "job" }] } as const;
  const run = addRun(ledger, { ...spec, options: { run_timeout_ms: 600_000 } }, at(0));
  const payload = { demand: 1, worker_name: null };
  claimRuns(ledger, "w", payload, at(0), { mint: () => "token" });
  expect(runTokenClaims(ledger, run, at(0))).toEqual({
    ...{ iss: "Lightning", id: run.id, sub: `run:${run.id}` },
    ...{ nbf: start, exp: start + 610 },
  });
  expect(runJanitor(ledger, at(610))).toEqual([]);
  expect(runJanitor(ledger, at(611))).toEqual([run]);
});

test("a token opens its run from nbf until exp, and only with all five claims", () => {
  const { ledger, run } = scene();
  const claims = runTokenClaims(ledger, run, at(0));
  const opens = (changed: object, seconds = 0): boolean =>
    joinRun(ledger, run.id, "w", { ...claims, ...changed }, at(seconds)).channel !== undefined;
  expect([opens({}), opens({}, 69), opens({}, 70), opens({}, -1)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  // A fraction of a second is a number too.
  expect(opens({ exp: start + 0.5 })).toBe(true);
  const wrong = { iss: "Thunder", id: "x", sub: "run:x", nbf: "now", exp: "later" };
  for (const [claim, value] of Object.entries(wrong)) {
    expect([claim, opens({ [claim]: value }), opens({ [claim]: undefined })]).toEqual([
      claim,
      false,
      false,
    ]);
  }
});
