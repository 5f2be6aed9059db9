import { expect, test } from "vitest";
import { adaptorRepo, installTestAdaptors } from "../conformance/adaptors-for-tests.ts";
import { type JobVector, jobVectors } from "../conformance/job-vectors.ts";
import { isForThisNode } from "../conformance/vector-tests.ts";
import { lightning, workerFor } from "./worker/bundle.ts";

const ofEachGroup = 2;

/** The first rows of each group that are equal to the incumbent's, with and without an adaptor. */
function samples(): readonly JobVector[] {
  const taken = new Map<string, number>();
  return jobVectors.filter(isForThisNode).filter(({ group, tags = [], expected, plan }) => {
    const needsRegistry = expected.error_type === "AutoinstallError";
    if (tags.some((tag) => tag !== "peer-quirk") || needsRegistry) return false;
    const kind = `${group} ${plan.jobs[0]?.adaptor ?? ""}`;
    const count = (taken.get(kind) ?? 0) + 1;
    taken.set(kind, count);
    return count <= ofEachGroup;
  });
}

test("a sample of each group of job vectors ends through the whole worker as its rows say", async () => {
  await installTestAdaptors();
  const server = await lightning();
  workerFor(server, ["--capacity", "3", "--repo-dir", adaptorRepo]);
  const rows = samples();
  expect(new Set(rows.map(({ group }) => group)).size).toBe(
    new Set(jobVectors.map(({ group }) => group)).size,
  );
  const ends = rows.map(async ({ name, plan, input, raw_input, credentials }) => {
    const [id = ""] = await server.runs(1, {
      body: undefined,
      ...{ plan, raw_input, input, credentials },
    });
    const run = await server.ended(id);
    return { name, reason: run.reason, error_type: run.error_type, final_state: run.final_state };
  });
  expect(await Promise.all(ends)).toEqual(
    rows.map(({ name, expected: { reason, error_type, final_state = null } }) => ({
      name,
      reason,
      error_type,
      final_state,
    })),
  );
});
