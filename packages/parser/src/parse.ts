import type { Configuration, Group } from "./ast.ts";
import type { Diagnostic, TextCode } from "./diagnostic.ts";
import { groupError } from "./group-error.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { readGroups } from "./read-groups.ts";
import type { TreeRule } from "./rule.ts";
import { duplicateQueue } from "./rules/duplicate-queue.ts";
import { empty } from "./rules/empty.ts";
import { fastLaneNotPreferred } from "./rules/fast-lane-not-preferred.ts";
import { identicalGroups } from "./rules/identical-groups.ts";
import { strictChainOrder } from "./rules/strict-chain-order.ts";
import { groupsTooMany, textTooLarge, tooLarge } from "./rules/too-large.ts";
import { oddWhiteSpace, whiteSpaceInvalid } from "./rules/white-space-invalid.ts";
import type { Settings } from "./settings.ts";
import { tell } from "./tell.ts";

/** A tree, whatever the text, and the problems beside it in the order of their places. */
export interface ParseResult {
  readonly tree: Configuration;
  readonly diagnostics: readonly Diagnostic[];
}

/** The tree and the errors of its text. */
export interface ReadResult {
  readonly tree: Configuration;
  readonly errors: Diagnostic[];
}

/**
 * Reads a configuration: the errors of its text, and the findings of the rules that need no
 * settings. Never throws, whatever the text; one beyond a limit has its error and is read as
 * far as the limit goes.
 */
export function parse(text: string, limits: Limits = defaultLimits): ParseResult {
  const { tree, errors: diagnostics } = read(text, limits);
  collect(duplicateQueue, tree, {}, diagnostics);
  collect(identicalGroups, tree, {}, diagnostics);
  collect(strictChainOrder, tree, {}, diagnostics);
  collect(fastLaneNotPreferred, tree, {}, diagnostics);
  if (diagnostics.length > 1) diagnostics.sort((a, b) => a.span.start - b.span.start);
  return { tree, diagnostics };
}

/** Adds what one rule finds. */
export function collect<C extends TextCode>(
  rule: TreeRule<C>,
  tree: Configuration,
  settings: Settings,
  into: Diagnostic[],
): void {
  for (const finding of rule.find(tree, settings)) into.push(tell(rule, finding));
}

/** The tree and the errors alone, without the rules over its meaning. */
export function read(text: string, limits: Limits = defaultLimits): ReadResult {
  const tooLong = textTooLarge(text, limits);
  if (tooLong !== undefined) return { tree: treeOf(text, []), errors: [tell(tooLarge, tooLong)] };
  const { groups, oddSpaces } = readGroups(text, limits);
  if (groups.length === 0) {
    const span = { start: 0, end: text.length };
    return { tree: treeOf(text, []), errors: [tell(empty, { span, data: {} })] };
  }
  const errors: Diagnostic[] = [];
  const tooMany = groupsTooMany(groups, limits);
  const kept = tooMany === undefined ? groups : groups.slice(0, limits.groups);
  kept.forEach((group, i) => {
    if (group.broken && !isTornOff(text, kept[i - 1], group)) {
      errors.push(groupError(text, group, limits));
    }
  });
  if (tooMany !== undefined) errors.push(tell(tooLarge, tooMany));
  const end = tooMany?.span.start ?? text.length;
  for (const span of oddSpaces) {
    if (span.start >= end) break;
    errors.push(tell(whiteSpaceInvalid, oddWhiteSpace(text, span)));
  }
  return { tree: treeOf(text, kept), errors };
}

function treeOf(text: string, groups: readonly Group[]): Configuration {
  return { kind: "configuration", span: { start: 0, end: text.length }, groups };
}

/**
 * White space inside a group tears it in pieces, as in `manual > *:4`. They are groups of their
 * own, as the worker reads them, but one mistake, so that only the first piece has an error.
 */
function isTornOff(text: string, before: Group | undefined, group: Group): boolean {
  if (before?.broken !== true) return false;
  return /[>:]/.test(`${text[before.span.end - 1]}${text[group.span.start]}`);
}
