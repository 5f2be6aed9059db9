export { applyEdits } from "./apply-edits.ts";
export type { Capacity, Chain, Configuration, Group, NamedQueue, Queue, Wildcard } from "./ast.ts";
export {
  accepts,
  automaton,
  type CharacterClass,
  classOf,
  expected,
  isAccepting,
  type State,
  states,
  step,
} from "./automaton.ts";
export { chainText, isStrict, queueText } from "./chain-text.ts";
export { check } from "./check.ts";
export { checkProcess } from "./check-process.ts";
export type {
  Code,
  Diagnostic,
  DiagnosticOf,
  ProblemData,
  ProcessCode,
  ProcessDiagnostic,
  Related,
  Severity,
  TextCode,
} from "./diagnostic.ts";
export {
  type Difference,
  diff,
  isSame,
  type QueueDifference,
  type ResizedChain,
  type SizedChain,
} from "./diff.ts";
export { type ExplainedGroup, type Explanation, explain, type Wait } from "./explain.ts";
export { find, type Node } from "./find.ts";
export { fixes } from "./fixes.ts";
export { type FrameInput, frame } from "./frame.ts";
export { defaultLimits, type Limits, liftedLimits } from "./limits.ts";
export { nearest } from "./nearest.ts";
export { type ParseResult, parse, type ReadResult, read } from "./parse.ts";
export { type JoinPayload, type Plan, type PlannedGroup, plan, totalCapacity } from "./plan.ts";
export { format, print } from "./print.ts";
export {
  type Given,
  type ProcessGiven,
  type ProcessSettings,
  type ProcessSubject,
  processDefaults,
} from "./process.ts";
export { type Repair, repair } from "./repair.ts";
export type { Edit, Example, Fix, FixText, Meaning, RuleText } from "./rule.ts";
export { helpOf, pageOf, rulePage, ruleTable } from "./rule-page.ts";
export { processRules, rules, textRules } from "./rules/rules.ts";
export { defaultChain, knownQueues, type Settings, serverQueues } from "./settings.ts";
export { comments, formatSource, sourceValue } from "./source-file.ts";
export type { Span } from "./span.ts";
export type { Place, Standing } from "./standing.ts";
export { ebnf, jsonSchemaPattern } from "./syntax.ts";
export { visible } from "./visible.ts";
export { weights } from "./weights.ts";
