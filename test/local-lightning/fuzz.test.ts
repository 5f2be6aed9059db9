import {
  addRun,
  claimRuns,
  createLedger,
  handleRunEvent,
  joinQueue,
  joinRun,
  type Moment,
  runTokenClaims,
} from "@workloops/local-lightning/run-ledger";
import { describe, expect, test } from "vitest";
import { readFault } from "../../packages/local-lightning/src/faults/faults.ts";
import { readRun } from "../../packages/local-lightning/src/http/run-request.ts";
import { expectUnpolluted, type Mutation, mutationsOf } from "../hostile-values.ts";
import { either, fields, oneOf, text } from "../shape.ts";
import { fullPlan } from "../wire-messages.ts";
import { judgeLedger } from "./judge-ledger.ts";

const step = "11111111-1111-4111-8111-111111111111";
const clip = "22222222-2222-4222-8222-222222222222";
const timestamp = "1790000000000001";
const line = { message: ["m"], timestamp, level: "info", source: "JOB", step_id: step };
const exit = { reason: "success", error_type: null, error_message: null };

/** Each event of a run's channel as workers send it, in an order in which each is good. */
const events: readonly (readonly [string, object])[] = [
  ["fetch:plan", {}],
  ["fetch:dataclip", { id: clip }],
  ["fetch:credential", { id: "cred" }],
  ["run:start", { versions: { worker: "1", http: ["1"] }, timestamp }],
  ["step:start", { step_id: step, job_id: "job", timestamp, input_dataclip_id: clip }],
  ["run:log", { run_id: "r", ...line }],
  ["run:batch_logs", { run_id: "r", logs: [line, line] }],
  [
    "step:complete",
    {
      step_id: step,
      job_id: "job",
      mem: { job: 1, system: 2 },
      duration: 5,
      thread_id: "1",
      timestamp,
      ...exit,
      output_dataclip_id: clip,
      output_dataclip: "{}",
      webhook_response: { status: 201, body: { a: 1 } },
    },
  ],
  ["run:complete", { ...exit, timestamp, final_state: { a: 1 }, final_dataclip_id: clip }],
];

/** What is nested deeper than the stack ends its channel: that is shown in `hostile.test.ts`. */
function wrongs(message: unknown): readonly Mutation[] {
  return mutationsOf(message).filter(({ where }) => !where.endsWith("without end"));
}

/** A server with one run that is claimed and joined. */
function open() {
  const ledger = createLedger({ runTimeoutMs: 60_000, graceSeconds: 1 });
  let now = 1_790_000_000_000_000;
  const moment = (): Moment => {
    now += 1_000;
    return { now, newId: () => `id of ${now}` };
  };
  const credentials = new Map([["cred", { password: "p" }]]);
  const spec = { queue: "default", jobs: [{ id: "job" }], input: "{}", credentials } as const;
  const run = addRun(ledger, spec, moment());
  claimRuns(ledger, "w", { demand: 1, worker_name: null }, moment(), { mint: () => "t" });
  const { channel } = joinRun(ledger, run.id, "w", runTokenClaims(ledger, run, moment()), moment());
  if (channel === undefined) throw new Error("the join was refused");
  return { ledger, run, channel, moment };
}

describe.each(events.map(([event, payload], place) => ({ event, payload, place })))(
  "$event",
  ({ event, payload, place }) => {
    test("with something wrong in any field is answered, and the ledger stays whole", () => {
      for (const { value } of wrongs(payload)) {
        const { ledger, channel, moment } = open();
        for (const [before, good] of events.slice(0, place)) {
          handleRunEvent(ledger, channel, before, good, moment());
        }
        const { kind } = handleRunEvent(ledger, channel, event, value, moment());
        expect(["ok", "error", "dataclip", "crash"]).toContain(kind);
        judgeLedger(ledger);
      }
      expectUnpolluted();
    });
  },
);

test("a join of the queue and a claim with something wrong in any field are answered", () => {
  for (const { value } of wrongs({ capacity: 5, queues: { "manual>*": 5 } })) {
    const { ledger, moment } = open();
    expect(joinQueue(ledger, "w", value, moment()).kind).toBe("ok");
  }
  for (const { value } of wrongs({ demand: 2, worker_name: "w", queues: ["*"] })) {
    const { ledger, moment } = open();
    const { reply } = claimRuns(ledger, "w", value, moment(), { mint: () => "t" });
    expect(["ok", "error", "crash"]).toContain(reply.kind);
    judgeLedger(ledger);
  }
  expectUnpolluted();
});

test("the claims of a token with something wrong in any field open no run's channel", () => {
  const { ledger, run, moment } = open();
  const claims = runTokenClaims(ledger, run, moment());
  const opened = wrongs(claims).filter(
    ({ value }) => joinRun(ledger, run.id, "w", value, moment()).channel !== undefined,
  );
  // Another time that is a number may be a good one; whose token it is may not.
  expect(opened.filter(({ where }) => !/^(nbf|exp) is /.test(where))).toEqual([]);
  expectUnpolluted();
});

describe("what a person posts, with something wrong in any field", () => {
  const refused = fields({ ok: oneOf(false), problem: text });

  test("is a run or one sentence", () => {
    const body = {
      queue: "manual",
      plan: fullPlan,
      input: { a: 1 },
      credentials: { cred: { password: "p" } },
      workflow: { id: "w", concurrency: 1 },
      project: { id: "p", concurrency: 1 },
      priority: 1,
      reply: { success_code: 200, error_code: 500 },
    };
    const isAnswer = either(refused, fields({ ok: oneOf(true), run: fields({ queue: text }) }));
    for (const { value } of wrongs(body)) {
      const read = readRun(value, "default", () => "new");
      expect(isAnswer(read)).toBe(true);
      if (!read.ok) continue;
      const { ledger, moment } = open();
      addRun(ledger, read.run, moment());
      judgeLedger(ledger);
    }
    expectUnpolluted();
  });

  test("is a fault or one sentence", () => {
    const body = { kind: "claim-surplus", times: 1, after: 1, count: 2, ms: 5, event: "run:log" };
    const isAnswer = either(
      refused,
      fields({ ok: oneOf(true), fault: fields({ row: fields({}) }) }),
    );
    for (const { value } of wrongs(body)) expect(isAnswer(readFault(value, 1))).toBe(true);
    expectUnpolluted();
  });
});
