import type { Configuration, Group } from "./ast.ts";
import type {
  DiagnosticOf,
  Finding,
  ProcessCode,
  ProcessFinding,
  Severity,
  TextCode,
} from "./diagnostic.ts";
import type { Limits } from "./limits.ts";
import type { ProcessGiven, ProcessSettings } from "./process.ts";
import type { Settings } from "./settings.ts";
import type { Span } from "./span.ts";

/** Text to put in place of a span. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

/** Whether a fix keeps what the value means, so that it can be applied unasked, or changes it. */
export type Meaning = "keeps" | "changes";

/** What people are told about a fix. */
export interface FixText {
  readonly title: string;
  readonly meaning: Meaning;
}

/** A change of the text that ends a problem. The edits do not overlap and stand in order. */
export interface Fix extends FixText {
  readonly edits: readonly Edit[];
}

/** A text that shows a rule at work. `language` is the info word of its fenced block. */
export interface Example {
  readonly language: string;
  readonly text: string;
}

/**
 * What people are told about a rule: the text of its page, of hover and of `workloops explain CODE`.
 * Rules that need a host have the same shape, with codes of their own.
 */
export interface RuleText<C extends string = string> {
  readonly code: C;
  readonly severity: Severity;
  /** One sentence, without Markdown links. */
  readonly summary: string;
  /** Markdown paragraphs: what happens where the rule is not followed. */
  readonly why: string;
  readonly bad: Example;
  readonly good: Example;
  /** Each field of the problem's data with its meaning. */
  readonly data: Readonly<Record<string, string>>;
  readonly fixes: readonly FixText[];
}

interface RuleFix<C extends TextCode> extends FixText {
  /** The edits in `text`, or nothing where this problem cannot be mended so. */
  readonly edits: (text: string, problem: DiagnosticOf<C>) => readonly Edit[];
}

export interface RuleOf<C extends TextCode> extends RuleText<C> {
  readonly fixes: readonly RuleFix<C>[];
}

/** A rule over the text of one broken group. The first that finds something names the group's one error. */
export interface GroupRule<C extends TextCode> extends RuleOf<C> {
  readonly find: (text: string, group: Group, limits: Limits) => Finding<C> | undefined;
}

/** A rule over what a configuration means. Broken groups are left out of it. */
export interface TreeRule<C extends TextCode> extends RuleOf<C> {
  readonly find: (tree: Configuration, settings: Settings) => readonly Finding<C>[];
}

interface ProcessExample extends Example {
  /** What the process is given in this example; the rest is absent. */
  readonly given: Partial<ProcessGiven>;
}

/** What a process rule is asked about. */
export interface ProcessFacts extends ProcessGiven {
  /** Runs at once, from the configuration or the capacity; `undefined` where that cannot be known. */
  readonly slots: number | undefined;
}

/** A rule over what one process is given. Who knows where that is written makes the edits of its fixes. */
export interface ProcessRule<C extends ProcessCode> extends RuleText<C> {
  readonly bad: ProcessExample;
  readonly good: ProcessExample;
  readonly find: (facts: ProcessFacts, settings: ProcessSettings) => ProcessFinding<C> | undefined;
}
