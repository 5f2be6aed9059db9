export { createEngine } from "./create-engine.ts";
export type * from "./engine.ts";
