export type { LaneSnapshot, WorkerSnapshot } from "./core/index.ts";
export type { Check } from "./doctor/check.ts";
export { examine } from "./doctor/examine.ts";
export { main, type ProcessIo } from "./main.ts";
