export { type Failures, failEach } from "./fail-each.ts";
export { compareLanes } from "./isolation.ts";
export { emptyTally, mergeTally, runSeeds, type Tally } from "./run-seeds.ts";
export { type Outcome, runWorld, type Violation } from "./run-world.ts";
export { line } from "./trace.ts";
export { drawScenario } from "./world/draw-scenario.ts";
export type { Fact } from "./world/fact.ts";
export { type MatrixRow, matrix } from "./world/matrix.ts";
export type { Scenario } from "./world/scenario.ts";
