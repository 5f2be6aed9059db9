export { applyAll } from "./command.ts";
export {
  type Document,
  maxDocumentUnits,
  mayHoldValue,
  openDocument,
  regionAt,
  traceWords,
} from "./document.ts";
export { type Action, type ActionKind, actions } from "./features/actions.ts";
export { type Completion, complete } from "./features/complete.ts";
export { definition, type SettingsText } from "./features/definition.ts";
export { type DiagnoseContext, diagnose } from "./features/diagnose.ts";
export { explainPage } from "./features/explain-page.ts";
export { type FileEdits, fixAll, gather } from "./features/fix-all.ts";
export { format } from "./features/format.ts";
export { highlight } from "./features/highlight.ts";
export { type Hover, hover } from "./features/hover.ts";
export { type InlayHint, inlayHints } from "./features/inlay-hints.ts";
export { type Lane, lanes } from "./features/lanes.ts";
export { editLive, type LiveDocument, live } from "./features/live-document.ts";
export { migrate } from "./features/migrate.ts";
export { type QueuePlace, queueAt } from "./features/queue-places.ts";
export { references, usedQueues } from "./features/references.ts";
export { prepareRename, type Renaming, rename } from "./features/rename.ts";
export { rulePageOf } from "./features/rule-page.ts";
export { type SemanticToken, semanticTokens } from "./features/semantic-tokens.ts";
export { slotsIn } from "./features/slots.ts";
export { type FoundSymbol, findSymbols, type Outline, outline } from "./features/symbols.ts";
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
export { exampleFile, hostPageOf } from "./rules/host-page.ts";
export { hostRules } from "./rules/rules.ts";
export type { WorkerOption } from "./worker-options.ts";
export { noWorkspace, resolvePath, type Workspace } from "./workspace.ts";
