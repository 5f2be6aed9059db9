import {
  addRun,
  claimRuns,
  createLedger,
  handleRunEvent,
  joinQueue,
  joinRun,
  runJanitor,
  runTokenClaims,
} from "@workloops/local-lightning/run-ledger";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Desk, startDesk } from "./desk.ts";
import { judgeLedger } from "./judge-ledger.ts";
import { takeRun, tellRun } from "./work.ts";

const ids = [1, 2, 3, 4].map((n) => `${n}`.repeat(8).concat("-1111-4111-8111-111111111111"));
const events = [
  ...["fetch:plan", "fetch:dataclip", "fetch:credential", "run:start", "run:log"],
  ...["run:batch_logs", "step:start", "step:complete", "run:complete", "unknown", "__proto__"],
];

/** Values that fit somewhere, and some that fit nowhere. */
const value = fc.oneof(
  fc.constantFrom<unknown>(
    ...ids,
    "job",
    "success",
    "fail",
    "{}",
    "{",
    "",
    null,
    true,
    0,
    -1,
    Number.MAX_VALUE,
  ),
  fc.constantFrom<unknown>("1790000000000001", 1790000000000, "info", [], [null], {}, [
    "a",
    { b: 1 },
  ]),
  fc.jsonValue({ maxDepth: 2 }),
);
const log = fc.dictionary(
  fc.constantFrom("message", "timestamp", "level", "source", "step_id", "id"),
  value,
);
const payload = fc.oneof(
  fc.dictionary(
    fc.constantFrom(
      ...[
        "step_id",
        "job_id",
        "input_dataclip_id",
        "credential_id",
        "timestamp",
        "reason",
        "state",
      ],
      ...[
        "output_dataclip_id",
        "output_dataclip",
        "error_type",
        "webhook_response",
        "message",
        "id",
      ],
      ...[
        "final_dataclip_id",
        "final_state",
        "level",
        "source",
        "versions",
        "__proto__",
        "constructor",
      ],
    ),
    value,
    { noNullPrototype: false },
  ),
  fc.record({ logs: fc.array(fc.oneof(log, value)) }),
  value,
);

const act = fc.oneof(
  fc.record({ event: fc.constantFrom(...events), payload, join: fc.boolean() }),
  fc.record({ claim: payload }),
  fc.record({ claim: fc.constant({ demand: 1, worker_name: null }) }),
  fc.record({ joinQueue: payload }),
  fc.record({ token: payload }),
);

test("whatever a worker says, each event is answered and the ledger stays whole", () => {
  const limits = { logLinesKeptPerRun: 3, stepsPerRun: 2, charactersKeptPerRun: 120 };
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40, size: "max" }), (acts) => {
      const ledger = createLedger({ ...limits, runTimeoutMs: 20, graceSeconds: 0 });
      let now = 1_790_000_000_000_000;
      const moment = () => {
        now += 1_000;
        return { now, newId: () => `id of ${now}` };
      };
      const credentials = new Map([["job", { a: "s", b: ["success"] }]]);
      const spec = { queue: "default", jobs: [{ id: "job" }], input: "{}", credentials } as const;
      const runs = [addRun(ledger, spec, moment()), addRun(ledger, spec, moment())];
      const enter = (claims: unknown) =>
        joinRun(ledger, runs[0]?.id ?? "", "w", claims, moment()).channel;
      const open = () =>
        enter(runs[0] === undefined ? {} : runTokenClaims(ledger, runs[0], moment()));
      let channel = open();
      for (const step of acts) {
        if ("event" in step) {
          if (step.join) channel = open() ?? channel;
          if (channel === undefined) throw new Error("the join was refused");
          const { kind } = handleRunEvent(ledger, channel, step.event, step.payload, moment());
          expect(["ok", "error", "dataclip", "crash"]).toContain(kind);
        } else if ("claim" in step) {
          claimRuns(ledger, "w", step.claim, moment(), { mint: () => "t" });
        } else if ("joinQueue" in step) {
          expect(joinQueue(ledger, "w", step.joinQueue, moment()).kind).toBe("ok");
        } else {
          expect(enter(step.token)).toBeUndefined();
          runJanitor(ledger, moment());
        }
        judgeLedger(ledger);
      }
    }),
    { numRuns: 200 },
  );
});

async function stillWorks(desk: Desk): Promise<void> {
  const worker = await desk.worker({ worker_id: "good" });
  await worker.join("worker:queue");
  await desk.run({ queue: "manual" });
  await tellRun(worker, await takeRun(worker, ["manual"]));
  worker.close();
}

const text = fc.oneof(
  fc.string(),
  fc.json(),
  fc
    .tuple(
      ...[fc.constantFrom('"1"', "null", "7"), fc.constantFrom('"1"', '"2"', "null", "{}")],
      fc.constantFrom('"worker:queue"', '"run:x"', '"phoenix"', '"__proto__"', "null", '"run:"'),
      fc.constantFrom(
        '"phx_join"',
        '"phx_leave"',
        '"claim"',
        '"heartbeat"',
        '"phx_reply"',
        '"toString"',
      ),
      fc.oneof(fc.json(), fc.constant('{"demand":1,"worker_name":null}')),
    )
    .map((parts) => `[${parts.join(",")}]`),
);

test("whatever bytes a client sends, the server answers the next one", async () => {
  const desk = await startDesk();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(text, fc.uint8Array({ maxLength: 40 })), { maxLength: 20 }),
      async (messages) => {
        const client = await desk.worker();
        for (const message of messages) client.ws.send(message);
        client.ws.close(1000);
        await client.closed;
      },
    ),
    { numRuns: 60 },
  );
  await stillWorks(desk);
  expect((await desk.get("/status")).body).toMatchObject({ failures: [] });
});

test("whatever a person posts, the server answers", async () => {
  const desk = await startDesk();
  const keys = [
    "queue",
    "body",
    "plan",
    "input",
    "raw_input",
    "request",
    "credentials",
    "jobs",
    "kind",
    "times",
  ];
  const body = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...keys), fc.jsonValue()));
  const path = fc.constantFrom("/runs", "/faults", "/runs?wait=1");
  await fc.assert(
    fc.asyncProperty(path, body, async (where, posted) => {
      const { status } = await desk.post(where, posted);
      expect([201, 400, 504]).toContain(status);
    }),
    { numRuns: 60 },
  );
  await desk.fault({ kind: "none" });
  await stillWorks(desk);
});

test("JSON nested deeper than the stack ends its channel, and nothing else", async () => {
  const desk = await startDesk();
  const worker = await desk.worker();
  await worker.join("worker:queue");
  await desk.run();
  const topic = await takeRun(worker);
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  worker.ws.send(
    `["2","9","${topic}","run:log",{"message":[${deep}],"timestamp":"1790000000000001"}]`,
  );
  const death = await worker.frame(({ event }) => event === "phx_error");
  expect(death.topic).toBe(topic);
  const post = (text: string) => fetch(`${desk.httpUrl}/runs`, { method: "POST", body: text });
  expect((await post(`{"body":"x","input":${deep}}`)).status).toBe(500);
  expect((await desk.get("/status")).body).toMatchObject({
    failures: [expect.stringContaining("RangeError")],
  });
  await stillWorks(desk);
});
