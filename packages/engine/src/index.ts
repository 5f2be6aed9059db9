export { type InstallResult, installAdaptors } from "./adaptors/install-adaptors.ts";
export { createEngine } from "./create-engine.ts";
export type * from "./engine.ts";
