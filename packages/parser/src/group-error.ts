import type { Group } from "./ast.ts";
import type { Diagnostic, TextCode } from "./diagnostic.ts";
import type { Limits } from "./limits.ts";
import type { GroupRule } from "./rule.ts";
import { capacityInvalid } from "./rules/capacity-invalid.ts";
import { capacityMissing } from "./rules/capacity-missing.ts";
import { legacyComma } from "./rules/legacy-comma.ts";
import { queueNameEmpty } from "./rules/queue-name-empty.ts";
import { queueNameInvalid } from "./rules/queue-name-invalid.ts";
import { textUnexpected } from "./rules/text-unexpected.ts";
import { tooLarge } from "./rules/too-large.ts";
import { wildcardNotLast } from "./rules/wildcard-not-last.ts";
import { tell } from "./tell.ts";

type Judge = (text: string, group: Group, limits: Limits) => Diagnostic | undefined;

function judge<C extends TextCode>(rule: GroupRule<C>): Judge {
  return (text, group, limits) => {
    const finding = rule.find(text, group, limits);
    return finding === undefined ? undefined : tell(rule, finding);
  };
}

/** The order in which OpenFn's worker checks a group, so that both name the same fault of several. */
const order: readonly Judge[] = [
  judge(textUnexpected),
  judge(capacityMissing),
  judge(capacityInvalid),
  judge(legacyComma),
  judge(queueNameEmpty),
  judge(queueNameInvalid),
  judge(tooLarge),
  judge(wildcardNotLast),
];

/** The one error of a broken group. */
export function groupError(text: string, group: Group, limits: Limits): Diagnostic {
  for (const find of order) {
    const diagnostic = find(text, group, limits);
    if (diagnostic !== undefined) return diagnostic;
  }
  const { start, end } = group.span;
  throw new Error(`No rule names the fault of the group at ${start} to ${end}.`);
}
