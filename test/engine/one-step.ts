import type { ExecutionPlan } from "@workloops/engine";

/** A plan of one step. */
export const oneStep = (expression: string): ExecutionPlan => ({
  id: "run",
  steps: [{ id: "j", name: "Job J", expression }],
});

/** An operation without an adaptor. */
export const fn = "const fn = (f) => f;\n";
