import { describe, expect, it } from "vitest";
import { differences } from "../../../packages/engine/src/compile/differences.ts";
import { jobVectors } from "../../conformance/job-vectors.ts";

/** What OpenFn's runtime or engine does otherwise: no compiler can know it. */
const notTheCompilers = [
  "promise/then-two-args-on-reject",
  "promise/catch-then-sync-throw",
  "promise/then-catch-op-throws",
  "error/throw-fake-adaptorerror",
  "workflow/empty-body-job-with-failure-edge",
  "limit/payload-too-big",
  "limit/payload-redaction-reaches-next-step",
  "quirk/reference-error-in-named-function",
  "quirk/eval-in-named-function",
  "quirk/bigint-function-in-state",
  "quirk/bigint-function-in-log",
  "quirk/error-without-prototype",
];
/** Of language-common, as far as the rows use it. */
const common = { specifier: "@openfn/language-common", names: ["fn", "each", "dataValue"] };

describe("differences, on the job vectors", () => {
  const rows = jobVectors.map(({ name, tags = [], plan }) => ({
    name,
    isDefect: tags.includes("peer-bug") || tags.includes("peer-limitation"),
    said: plan.jobs.flatMap(({ body = "", adaptor }) =>
      differences(body, adaptor === undefined ? [] : [common]),
    ),
  }));

  it("are told for each row that OpenFn's compiler has wrong, and for no other", () => {
    const told = rows.filter(({ said }) => said.length > 0).map(({ name }) => name);
    const wrong = rows.filter(({ name, isDefect }) => isDefect && !notTheCompilers.includes(name));
    expect(told).toEqual(wrong.map(({ name }) => name));
    expect(told.length).toBe(18);
  });
});
