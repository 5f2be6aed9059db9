import { describe, expect, test } from "vitest";
import type { LightningPort, RunSpec } from "../lightning-port.ts";
import { clip, other, reach, stamp, step } from "./situation.ts";

const ok = (response: unknown) => ({ status: "ok", response });
const no = (response: unknown) => ({ status: "error", response });
const crash = { status: "crash" };
const blank = ["This field can't be blank."];
const invalid = ["is invalid"];

type Until = Parameters<typeof reach>[1];
type Row = readonly [until: Until, event: string, payload: unknown, answer: object, spec?: RunSpec];

const credentials = {
  basic: { user: "u", password: "p", note: "" },
  none: null,
  stale: { $refused: "Reauthorise it" },
};
const withCredentials = { credentials };
const byClinic = { a: "basic", 7: "none" };
const keychain = { path: '$.clinics[0]["id"]', credentials: byClinic, default: "stale" };
const withKeychain = (input: unknown, chain: unknown = keychain): RunSpec => ({
  ...{ input, credentials: { ...credentials, k: { $keychain: chain } } },
});
const log = { message: "m", timestamp: stamp };
const done = { step_id: step, reason: "success" };
const output = { output_dataclip_id: clip, output_dataclip: "{}" };
const unsaved = { savesDataclips: false };

/** Every event of section 4, what it is sent, and the exact answer. */
const rows: readonly Row[] = [
  ["claimed", "fetch:dataclip", { id: "ignored" }, ok('{"a":1}'), { input: { a: 1 } }],
  ["claimed", "fetch:dataclip", {}, ok("null")],
  [
    "claimed",
    "fetch:credential",
    { id: "basic" },
    ok({ user: "u", password: "p" }),
    withCredentials,
  ],
  ["claimed", "fetch:credential", { id: "none" }, ok(null), withCredentials],
  ["claimed", "fetch:credential", { id: "stale" }, no("Reauthorise it"), withCredentials],
  ["claimed", "fetch:credential", {}, no({ errors: { id: blank } }), withCredentials],
  ["claimed", "fetch:credential", { id: "x" }, no({ errors: { id: ["Credential not found!"] } })],
  [
    "claimed",
    "fetch:credential",
    { id: "__proto__" },
    no({ errors: { id: ["Credential not found!"] } }),
  ],

  [
    "claimed",
    "fetch:credential",
    { id: "k" },
    ok({ user: "u", password: "p" }),
    withKeychain({ clinics: [{ id: "a" }] }),
  ],
  ["claimed", "fetch:credential", { id: "k" }, ok(null), withKeychain({ clinics: [{ id: 7 }] })],
  ["claimed", "fetch:credential", { id: "k" }, no("Reauthorise it"), withKeychain({ clinics: [] })],
  [
    "claimed",
    "fetch:credential",
    { id: "k" },
    ok(null),
    withKeychain({}, { path: "$.x", credentials: {} }),
  ],
  ["claimed", "fetch:credential", { id: "k" }, ok(null), withKeychain({}, 5)],

  ["claimed", "run:start", {}, ok(null)],
  ["claimed", "run:start", { timestamp: stamp, versions: { worker: "1" } }, ok(null)],
  ["claimed", "run:start", { timestamp: "1790000000000" }, ok(null)],
  ["claimed", "run:start", { timestamp: 1790000000000 }, ok(null)],
  ["claimed", "run:start", { timestamp: "yesterday" }, no({ timestamp: invalid })],
  ["claimed", "run:start", { timestamp: "179000000000" }, no({ timestamp: invalid })],
  ["claimed", "run:start", { timestamp: {} }, no({ timestamp: invalid })],
  ["claimed", "run:start", null, crash],

  ["started", "step:start", { step_id: step, job_id: "job" }, ok({ step_id: step })],
  ["claimed", "step:start", { step_id: step, job_id: "job" }, ok({ step_id: step })],
  ["started", "step:start", { step_id: step }, no({ errors: { job_id: blank } })],
  [
    "started",
    "step:start",
    { step_id: step, job_id: null },
    no({ errors: { job_id: ["Job not found!"] } }),
  ],
  ["started", "step:start", { step_id: step, job_id: other }, no({ job_id: ["does not exist"] })],
  ["started", "step:start", { step_id: step, job_id: "no uuid" }, no({ job_id: invalid })],
  ["started", "step:start", { job_id: "job" }, no({ step_id: blank })],
  ["started", "step:start", { step_id: "no uuid", job_id: "job" }, no({ step_id: invalid })],
  [
    "started",
    "step:start",
    { step_id: step, job_id: "job", input_dataclip_id: clip },
    no({ input_dataclip_id: ["does not exist"] }),
  ],
  [
    "started",
    "step:start",
    { step_id: step, job_id: "job", input_dataclip_id: "x" },
    no({ input_dataclip_id: invalid }),
  ],
  [
    "stepped",
    "step:start",
    { step_id: step, job_id: "job" },
    no({ step_id: ["has already been taken"] }),
  ],
  ["started", "step:start", "text", crash],

  ["stepped", "step:complete", done, ok({ step_id: step })],
  ["stepped", "step:complete", { ...done, ...output }, ok({ step_id: step })],
  [
    "stepped",
    "step:complete",
    { ...done, ...output, output_dataclip: { native: true } },
    ok({ step_id: step }),
  ],
  [
    "stepped",
    "step:complete",
    { ...done, output_dataclip_error: "DATACLIP_TOO_LARGE" },
    ok({ step_id: step }),
  ],
  [
    "stepped",
    "step:complete",
    { ...done, output_dataclip_id: clip },
    ok({ step_id: step }),
    unsaved,
  ],
  [
    "stepped",
    "step:complete",
    { ...done, output_dataclip_id: clip },
    no({ output_dataclip: blank }),
  ],
  [
    "stepped",
    "step:complete",
    { ...done, output_dataclip: "{}" },
    no({ output_dataclip_id: blank }),
  ],
  [
    "stepped",
    "step:complete",
    { ...done, ...output, output_dataclip_id: "x" },
    no({ output_dataclip_id: invalid }),
  ],
  ["stepped", "step:complete", { ...done, ...output, output_dataclip: "{bad" }, crash],
  ["stepped", "step:complete", { reason: "success" }, no({ step_id: blank })],
  ["stepped", "step:complete", { step_id: step }, no({ reason: blank })],
  ["stepped", "step:complete", { step_id: other, reason: "fail" }, no({ step_id: ["not found"] })],

  ["stepped", "run:log", { ...log, step_id: step }, ok({ log_line_id: expect.any(String) })],
  [
    "started",
    "run:log",
    { ...log, message: ["a", { b: 1 }, null] },
    ok({ log_line_id: expect.any(String) }),
  ],
  ["started", "run:log", { ...log, message: [null] }, ok({ log_line_id: expect.any(String) })],
  ["started", "run:log", { ...log, message: "" }, ok({ log_line_id: expect.any(String) })],
  ["started", "run:log", { ...log, message: [] }, no({ message: blank })],
  ["started", "run:log", { ...log, message: null }, no({ message: blank })],
  ["started", "run:log", { timestamp: stamp }, no({ message: blank })],
  ["started", "run:log", { message: "m" }, no({ timestamp: blank })],
  ["started", "run:log", { ...log, timestamp: "soon" }, no({ timestamp: invalid })],
  ["started", "run:log", { ...log, level: "loud" }, no({ level: invalid })],
  [
    "started",
    "run:log",
    { ...log, source: "123456789" },
    no({ source: ["should be at most 8 character(s)"] }),
  ],
  [
    "started",
    "run:log",
    { ...log, step_id: step },
    no({ step_id: ["must be associated with the run"] }),
  ],
  ["started", "run:log", [], crash],

  ["started", "run:batch_logs", { logs: [log, log] }, ok({})],
  ["started", "run:batch_logs", { logs: [] }, ok({})],
  ["started", "run:batch_logs", { logs: [log, { ...log, message: [] }] }, no({ message: blank })],
  ["started", "run:batch_logs", {}, crash],

  ["started", "run:complete", { reason: "success" }, ok(null)],
  ["claimed", "run:complete", { reason: "exception", error_type: "WorkerStopped" }, ok(null)],
  ["started", "run:complete", { state: "success" }, ok(null)],
  ["started", "run:complete", {}, no({ state: blank })],
  ["started", "run:complete", { reason: "meh" }, no({ state: invalid })],
  ["started", "run:complete", { reason: "started" }, no({ state: invalid })],
  [
    "started",
    "run:complete",
    { reason: "success", final_dataclip_id: clip },
    no({ final_dataclip_id: ["does not exist"] }),
  ],
  ["started", "run:complete", { reason: "success", timestamp: true }, no({ timestamp: invalid })],
  ["started", "run:complete", null, crash],

  ["started", "run:cancel", {}, crash],
  ["started", "__proto__", {}, crash],
];

export function eventConformance(start: () => Promise<LightningPort>): void {
  describe("run:<id>", () => {
    for (const [until, event, payload, answer, spec = {}] of rows)
      test(`${until}: ${event} ${JSON.stringify(payload)}`, async () => {
        const { say, lightning } = await reach(start, until, spec);
        expect(await say(event, payload)).toMatchObject(answer);
        await lightning.close();
      });

    test.each([
      ["success", "success"],
      ["ok", "success"],
      ["fail", "failed"],
      ["crash", "crashed"],
      ["cancel", "cancelled"],
      ["kill", "killed"],
      ["exception", "exception"],
      ["failed", "failed"],
      ["lost", "lost"],
    ])("the reason %s ends a run as %s", async (reason, state) => {
      const { say, lightning, runId } = await reach(start, "started");
      expect(await say("run:complete", { reason })).toEqual(ok(null));
      expect(await lightning.outcome(runId)).toMatchObject({ state, reason, ends: [state] });
      expect(await say("run:complete", { reason })).toEqual(
        no({ state: ["already in completed state"] }),
      );
      await lightning.close();
    });
  });
}
