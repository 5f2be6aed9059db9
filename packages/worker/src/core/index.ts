/** The worker's decisions, pure: `step` is a function of a state and an event. */
export type {
  Engine,
  ExecutionPlan,
  PlanStep,
  RunError,
  RunEvent,
  RunningPlan,
} from "@workloops/engine";
export type {
  ClaimOutcome,
  Effect,
  JournalEntry,
  LogFields,
  LogLevel,
  Observation,
} from "./effect.ts";
export type {
  Happening,
  Instant,
  JournalledRun,
  TokenVerdict,
  WorkerEvent,
} from "./event.ts";
export { heldRuns } from "./held-runs.ts";
export { freeSlots, type LaneState } from "./lane-state.ts";
export type { RandomState } from "./random.ts";
export { isBusy } from "./run/outbox.ts";
export type { RunState } from "./run/run-state.ts";
export { type CoreSettings, defaultSettings, type LaneSettings, type Limits } from "./settings.ts";
export { type LaneSnapshot, snapshot, type WorkerSnapshot } from "./snapshot.ts";
export type { WorkerState } from "./state.ts";
export { initialState, step } from "./step.ts";
export { wakeAt } from "./wake-at.ts";
