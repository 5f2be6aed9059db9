import {
  readBytes,
  readClaim,
  readClaimReply,
  readLightningPlan,
  readQueueJoin,
  readReply,
  readRunClaims,
  readTimestamp,
  sayRefusal,
  saysAlreadyThere,
  toTimestamp,
} from "@workloops/worker/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

describe("a plan", () => {
  test("is read with what it has; unknown fields are let pass", () => {
    const read = readLightningPlan({
      id: "p",
      project_id: "x",
      starting_node_id: "t",
      dataclip_id: null,
      triggers: [{ id: "t", type: "webhook" }],
      jobs: [{ id: "a", body: "b", adaptor: "c@1", credential_id: null, new: 1 }],
      edges: [
        {
          id: "e",
          source_trigger_id: "t",
          source_job_id: null,
          target_job_id: "a",
          enabled: true,
          condition: "always",
        },
      ],
      options: {
        output_dataclips: false,
        run_timeout_ms: 5,
        run_memory_limit_mb: "x",
        later: true,
      },
      meta: {},
    });
    expect(read).toEqual({
      ok: true,
      value: {
        id: "p",
        project_id: "x",
        starting_node_id: "t",
        triggers: [{ id: "t" }],
        jobs: [{ id: "a", body: "b", adaptor: "c@1" }],
        edges: [
          {
            id: "e",
            source_trigger_id: "t",
            target_job_id: "a",
            enabled: true,
            condition: "always",
          },
        ],
        options: { output_dataclips: false, run_timeout_ms: 5 },
      },
    });
  });

  test.each([
    [null, "plan: null, not an object"],
    [[], "plan: a list, not an object"],
    [{ jobs: {} }, "plan.jobs: an object, not a list"],
    [{ jobs: [1] }, "plan.jobs[0]: a number, not an object"],
    [{ jobs: [{ id: 1 }] }, "plan.jobs[0].id: a number, not a string"],
    [{ jobs: [{ id: "a", body: 1 }] }, "plan.jobs[0].body: a number, not a string"],
    [
      { jobs: [{ id: "a", credential: 1 }] },
      "plan.jobs[0].credential: a number, neither an id nor an object",
    ],
    [{ jobs: [{ id: "a", state: "s" }] }, "plan.jobs[0].state: a string, not an object"],
    [{ edges: [{}] }, "plan.edges[0].target_job_id: missing, not a string"],
    [{ options: [] }, "plan.options: a list, not an object"],
    [{ globals: {} }, "plan.globals: an object, not a string"],
  ])("%j is refused", (value, problem) => {
    expect(readLightningPlan(value)).toEqual({ ok: false, problem });
  });

  test("keys of the prototype are no fields", () => {
    const hostile = JSON.parse(
      '{"__proto__": {"jobs": 5}, "jobs": [{"id": "a", "__proto__": {"body": 5}}]}',
    );
    expect(readLightningPlan(hostile)).toMatchObject({ ok: true, value: { jobs: [{ id: "a" }] } });
    expect(({} as Record<string, unknown>)["jobs"]).toBeUndefined();
  });
});

describe("claims", () => {
  test("a reply has its good runs read among bad ones, and neither without end", () => {
    const good = { id: "r", token: "t" };
    expect(readClaimReply({ runs: [good, 5] })).toEqual({
      ok: true,
      value: { runs: [good], problems: ["claim reply.runs[1]: a number, not an object"] },
    });
    const flood = [...Array(6_000).fill(good), ...Array(6_000).fill(5)];
    const read = readClaimReply({ runs: flood });
    if (!read.ok) throw new Error(read.problem);
    expect(read.value.runs).toHaveLength(5_000);
    expect(read.value.problems).toEqual(["claim reply.runs: 7000 more are wrong or too many"]);
    const wrong = readClaimReply({ runs: Array(6_000).fill(5) });
    expect(wrong.ok && wrong.value.problems).toHaveLength(11);
  });

  test.each([
    [
      { demand: 2, worker_name: "w", queues: ["a"] },
      { demand: 2, worker_name: "w", queues: ["a"] },
    ],
    [
      { demand: 1, worker_name: "" },
      { demand: 1, worker_name: null, queues: ["manual", "*"] },
    ],
    [
      { demand: 1, worker_name: null, queues: [] },
      { demand: 1, worker_name: null, queues: ["manual", "*"] },
    ],
    [
      { demand: 1, worker_name: null, queues: ["a", 1] },
      { demand: 1, worker_name: null, queues: ["manual", "*"] },
    ],
  ])("%j", (payload, value) => {
    expect(readClaim(payload)).toEqual({ ok: true, value });
  });

  test("a join without a capacity counts as 1", () => {
    expect(readQueueJoin({})).toEqual({ capacity: 1, queues: {} });
    expect(readQueueJoin({ capacity: 3, queues: { a: 1, b: "x" } })).toEqual({
      capacity: 3,
      queues: { a: 1 },
    });
  });
});

describe("what an error says", () => {
  test.each([
    [{ reason: "unauthorized" }, "unauthorized"],
    [{ step_id: ["not found"] }, "step_id: not found"],
    [{ errors: { id: ["a", "b"] } }, "id: a, b"],
    [{ id: [{ toString: null }, 7] }, "id: an object, 7"],
    ["plain", "plain"],
    [{ reason: "no: eyJhbGciOiJIUzI1NiJ9.eyJpZCI6ImEifQ.c2ln, ever" }, "no: (a token), ever"],
    [null, "no reason given (null)"],
    [{}, "no reason given"],
  ])("%j: %s", (response, sentence) => {
    expect(sayRefusal(response)).toBe(sentence);
  });

  test.each([
    [{ state: ["already in completed state"] }, true],
    [{ id: ["has already been taken"] }, true],
    [{ step_id: ["not found"] }, false],
  ])("%j says that it is there already: %s", (response, expected) => {
    expect(saysAlreadyThere(response)).toBe(expected);
  });
});

test.each([
  ["1700000000000000", 1_700_000_000_000],
  ["1700000000000", 1_700_000_000_000],
  [1_700_000_000_000, 1_700_000_000_000],
  ["17", undefined],
  [null, undefined],
  [1.5, undefined],
])("the timestamp %j is %s", (value, expected) => {
  expect(readTimestamp(value)).toBe(expected);
});

test("microseconds survive the way there and back", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1_000_000_000_000_000, max: 4_000_000_000_000_000 }),
      (micros) => {
        expect(toTimestamp(micros / 1_000)).toBe(String(micros));
        expect(readTimestamp(String(micros))).toBe(micros / 1_000);
      },
    ),
  );
});

/** Fields that a hostile server would aim at, with anything in them. */
const hostile = fc.oneof(
  fc.jsonValue(),
  fc.anything(),
  fc.record(
    Object.fromEntries(
      [
        "id",
        "jobs",
        "edges",
        "triggers",
        "options",
        "runs",
        "status",
        "response",
        "token",
        "demand",
        "queues",
        "iss",
        "exp",
      ].map((name) => [name, fc.anything()]),
    ),
    { requiredKeys: [] },
  ),
);

test("no reader throws, whatever comes", () => {
  fc.assert(
    fc.property(hostile, (value) => {
      for (const read of [
        readLightningPlan,
        readClaimReply,
        readClaim,
        readQueueJoin,
        readReply,
        readRunClaims,
      ]) {
        expect(read(value)).toBeTypeOf("object");
      }
      expect(readBytes(value, "x")).toHaveProperty("ok");
      expect(sayRefusal(value).length).toBeLessThanOrEqual(500);
    }),
  );
});
