export { applyAll } from "./command.ts";
export { type Document, openDocument, regionAt } from "./document.ts";
export { type DiagnoseContext, diagnose } from "./features/diagnose.ts";
export type { FileFix, Finding, RelatedPlace, Settings } from "./finding.ts";
export type { Problem } from "./hosts/host.ts";
export {
  type Given,
  isWorker,
  type Place,
  type Process,
  type Quantity,
  winner,
} from "./process.ts";
export {
  type Certainty,
  type Edit,
  fromFile,
  type Region,
  type Segment,
  toFile,
  type Value,
} from "./region.ts";
export { resolveProcess } from "./resolve-process.ts";
export type { WorkerOption } from "./worker-options.ts";
export { noWorkspace, resolvePath, type Workspace } from "./workspace.ts";
