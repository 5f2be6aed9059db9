/**
 * What we do where the incumbent has a defect (`peer-bug`), refuses valid syntax
 * (`peer-limitation`) or can be escaped from (`peer-unsafe`): the fields that differ from its
 * outcome. Each row of job-vectors.json with such a tag stands here, or the tests fail.
 */
export const ourOutcomes: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "imports/export-used-only-in-toplevel-object-member": success({ data: { a: 1 }, v: 1 }),
  "imports/export-key-equals-value-name": success({ data: {}, t: "function" }),
  "lazy/method-with-lazy-argument": success({ data: lazyData(), out: { v: false } }),
  "lazy/call-around-lazy-plain-function": success({ data: lazyData(), out: { v: "1" } }),
  "promise/then-two-args-on-reject": success({ caught: "x" }),
  "promise/catch-then-sync-throw": success({ data: { a: 1 }, caught: "x", t: 1 }),
  "promise/then-catch-op-throws": success({ caught: "x" }),
  "promise/method-named-then-on-plain-object": success({ data: { a: 1 }, q: 4 }),
  "promise/own-p-variable": success({ data: { a: 1 }, v: 5, q: 5 }),
  "promise/user-import-other-from-runtime": success({ data: { a: 1 }, v: 1, t: 1 }),
  "syntax/bigint": success({ data: { a: 1 }, v: "100000000000000000000" }),
  "syntax/bigint-in-state": success({ data: { a: 1 }, v: "10" }),
  "syntax/private-fields": success({ data: { a: 1 }, v: 5 }),
  "syntax/body-ends-in-js-one-line": success({ data: { a: 1 }, ok: 1 }),
  // The body is a job and no file name: an expression that reads a variable that is not there.
  "syntax/body-looks-like-path": { reason: "crash", error_type: "RuntimeCrash" },
  "error/throw-fake-adaptorerror": failure("AdaptorError", "adp"),
  "workflow/empty-body-job-with-failure-edge": {
    reason: "fail",
    final_state: {
      data: {},
      path: ["a"],
      errors: {
        a: { source: "runtime", name: "JobError", severity: "fail", message: "a failed" },
      },
    },
  },
  "sandbox/escape-via-console-constructor": success({ data: { a: 1 }, r: "EvalError" }),
  "sandbox/escape-via-timer-constructor": success({ data: { a: 1 }, r: "EvalError" }),
  // The prototype that it reaches is that of its own process, which ends with the run.
  "sandbox/state-main-realm-prototype-pollution": success({ data: { a: 1 }, own: "no" }),
  "limit/payload-too-big": success({ data: { big: "x".repeat(1_500_000) }, note: "kept" }),
  "limit/payload-redaction-reaches-next-step": success({
    note: "kept",
    t: "object",
    len: 1_500_000,
    data: 1,
  }),
  "quirk/one-line-body-ending-in-ts": success({ data: { a: 1 }, ok: 1 }),
  "quirk/one-line-body-ending-in-json": success({ data: { a: 1 }, ok: 1 }),
  "quirk/reference-error-in-named-function": { reason: "crash", error_type: "RuntimeCrash" },
  "quirk/eval-in-named-function": { reason: "kill", error_type: "SecurityError" },
  "quirk/bigint-function-in-state": success({ data: { a: 1 }, v: "5" }),
  "quirk/bigint-function-in-log": {
    reason: "success",
    logs: [{ job_id: "j", source: "JOB", level: "info", message: ["5"] }],
  },
  "quirk/public-class-field": success({ data: { a: 1 }, v: 3 }),
  "quirk/static-block": success({ data: { a: 1 }, v: 4 }),
  "quirk/optional-catch-binding": success({ data: { a: 1 }, c: 1 }),
  "quirk/regex-v-flag": success({ data: { a: 1 }, v: true }),
  "quirk/escape-process-exit": { reason: "kill", error_type: "SecurityError" },
  "quirk/error-without-prototype": { reason: "fail", error_type: "TypeError" },
};

function success(final_state: unknown): Record<string, unknown> {
  return { reason: "success", error_type: null, final_state };
}

function failure(name: string, message: string): Record<string, unknown> {
  const entry = { source: "runtime", name, severity: "fail", message };
  return {
    reason: "fail",
    error_type: name,
    final_state: { data: { a: 1 }, errors: { j: entry } },
  };
}

function lazyData(): Record<string, unknown> {
  return { a: 1, b: { c: "deep" }, list: [3, 4], name: "Zed", key: "b" };
}
