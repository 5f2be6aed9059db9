import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createEngine,
  type Engine,
  type EngineOptions,
  type ExecutionPlan,
  type RunEvent,
  type RunOptions,
} from "@workloops/engine";
import { afterAll } from "vitest";

export type Ending = Extract<RunEvent, { type: "workflow-complete" | "workflow-error" }>;
export type StepComplete = Extract<RunEvent, { type: "step-complete" }>;
export type Log = Extract<RunEvent, { type: "log" }>;

export { fn, oneStep } from "./one-step.ts";

/** An engine for the tests of one file, closed behind them. */
export async function engineForTests(options: Partial<EngineOptions> = {}): Promise<Engine> {
  const repoDir = mkdtempSync(join(tmpdir(), "workloops-test-repo-"));
  const engine = await createEngine({ repoDir, capacity: 6, memoryLimitMb: 200, ...options });
  afterAll(async () => {
    await engine.close();
    rmSync(repoDir, { recursive: true, force: true });
  });
  return engine;
}

/** What a run said, sorted by kind. */
export interface Said {
  readonly events: readonly RunEvent[];
  readonly end: Ending;
  readonly steps: readonly StepComplete[];
  readonly logs: readonly Log[];
}

export async function execute(
  engine: Engine,
  plan: ExecutionPlan,
  input = "{}",
  options: RunOptions = { timeoutMs: 15_000 },
): Promise<Said> {
  const events: RunEvent[] = [];
  await engine.execute(plan, input, options, "manual", (event) => void events.push(event)).ended;
  return sortEvents(events);
}

export function sortEvents(events: readonly RunEvent[]): Said {
  const end = events.at(-1);
  if (end?.type !== "workflow-complete" && end?.type !== "workflow-error")
    throw new Error(`The last event is ${end?.type}.`);
  return {
    events,
    end,
    steps: events.filter((event) => event.type === "step-complete"),
    logs: events.filter((event) => event.type === "log"),
  };
}
