import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Lightning, lightning, workerFor } from "./bundle.ts";

interface Step {
  readonly job_id: string;
  readonly input_from?: number | "initial" | null;
}

interface Vector {
  readonly name: string;
  readonly tags?: readonly string[];
  readonly adaptors: readonly string[];
  readonly plan: { readonly jobs: readonly unknown[]; readonly edges?: readonly unknown[] };
  readonly input?: unknown;
  readonly raw_input?: string;
  readonly credentials?: object;
  readonly expected: {
    readonly reason: string;
    readonly error_type: string | null;
    readonly final_state?: unknown;
    readonly final_dataclip_of?: number | null;
    readonly steps: readonly Step[];
  };
}

const path = new URL("../../conformance/job-vectors.json", import.meta.url);

/** Plans of several steps: what links them is the worker's work. What jobs do is the engine's. */
const vectors = (JSON.parse(readFileSync(path, "utf8")) as Vector[]).filter(
  ({ adaptors, tags = [], expected }) =>
    adaptors.length === 0 && expected.steps.length > 1 && tags.every((tag) => tag === "peer-quirk"),
);

/** Where each step's input came from, and which step's output is the final clip: as the rows say it. */
function links(server: Lightning, id: string) {
  const run = server.ledger.runs.get(id);
  const steps = [...(run?.steps.values() ?? [])];
  const outputs = steps.map((step) => step.outputDataclipId);
  const place = (clip: string | null) => {
    const index = clip === null ? -1 : outputs.indexOf(clip);
    if (index >= 0) return index;
    return clip === null ? null : "initial";
  };
  return {
    reason: run?.reason,
    error_type: run?.errorType,
    final_dataclip_of: place(run?.finalDataclipId ?? null),
    steps: steps.map((step) => ({ job_id: step.jobId, input_from: place(step.inputDataclipId) })),
  };
}

/**
 * A step that two branches reach is visited once for each. OpenFn's worker names the later
 * branch's clip at both visits; each visit gets the state of its own branch, so ours names that.
 */
function asVisited(name: string, steps: readonly Step[]): readonly Step[] {
  if (!name.startsWith("workflow/diamond-") || steps.length !== 5) return steps;
  return steps.map((step, index) => (index === 3 ? { ...step, input_from: 1 } : step));
}

test("the steps of a run are linked as the rows say", async () => {
  const server = await lightning();
  workerFor(server, ["--capacity", "3"]);
  const linked = vectors.map(async ({ name, plan, input, raw_input, credentials }) => {
    const [id = ""] = await server.runs(1, {
      body: undefined,
      plan,
      ...(raw_input !== undefined && { raw_input }),
      ...(raw_input === undefined && input !== undefined && { input }),
      ...(credentials !== undefined && { credentials }),
    });
    await server.ended(id);
    return { name, ...links(server, id) };
  });
  expect(await Promise.all(linked)).toEqual(
    vectors.map(({ name, expected }) => ({
      name,
      reason: expected.reason,
      error_type: expected.error_type,
      final_dataclip_of: expected.final_dataclip_of ?? null,
      steps: asVisited(name, expected.steps).map(({ job_id, input_from = null }) => ({
        job_id,
        input_from,
      })),
    })),
  );
});
