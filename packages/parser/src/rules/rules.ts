import type { Code, ProcessCode, TextCode } from "../diagnostic.ts";
import type { FixText, ProcessRule, RuleOf, RuleText } from "../rule.ts";
import { capacityExclusivity } from "./capacity-exclusivity.ts";
import { capacityInvalid } from "./capacity-invalid.ts";
import { capacityMissing } from "./capacity-missing.ts";
import { duplicateQueue } from "./duplicate-queue.ts";
import { empty } from "./empty.ts";
import { fastLaneNotPreferred } from "./fast-lane-not-preferred.ts";
import { identicalGroups } from "./identical-groups.ts";
import { legacyComma } from "./legacy-comma.ts";
import { memoryCeiling } from "./memory-ceiling.ts";
import { queueNameEmpty } from "./queue-name-empty.ts";
import { queueNameInvalid } from "./queue-name-invalid.ts";
import { queueUnknown } from "./queue-unknown.ts";
import { stopGraceShort } from "./stop-grace-short.ts";
import { strictChainOrder } from "./strict-chain-order.ts";
import { textUnexpected } from "./text-unexpected.ts";
import { tooLarge } from "./too-large.ts";
import { whiteSpaceInvalid } from "./white-space-invalid.ts";
import { wildcardNotLast } from "./wildcard-not-last.ts";

/** The rules over a text, by code. */
export const textRules: { readonly [C in TextCode]: RuleOf<C> } = {
  empty,
  "too-large": tooLarge,
  "capacity-missing": capacityMissing,
  "capacity-invalid": capacityInvalid,
  "queue-name-empty": queueNameEmpty,
  "queue-name-invalid": queueNameInvalid,
  "wildcard-not-last": wildcardNotLast,
  "white-space-invalid": whiteSpaceInvalid,
  "text-unexpected": textUnexpected,
  "legacy-comma": legacyComma,
  "duplicate-queue": duplicateQueue,
  "identical-groups": identicalGroups,
  "queue-unknown": queueUnknown,
  "strict-chain-order": strictChainOrder,
  "fast-lane-not-preferred": fastLaneNotPreferred,
};

/** The rules over what a process is given, by code. */
export const processRules: { readonly [C in ProcessCode]: ProcessRule<C> } = {
  "capacity-exclusivity": capacityExclusivity,
  "memory-ceiling": memoryCeiling,
  "stop-grace-short": stopGraceShort,
};

const repairFix: FixText = {
  title: "Write the cheapest repair of the whole value, where there is one",
  meaning: "changes",
};

/** Every rule of the language, in the order in which it is listed, with every fix that is offered for it. */
export const rules: readonly RuleText<Code>[] = [
  ...Object.values(textRules).map((rule): RuleText<TextCode> => {
    const repairable = rule.severity === "error" && rule.code !== "empty";
    return repairable ? { ...rule, fixes: [...rule.fixes, repairFix] } : rule;
  }),
  ...Object.values(processRules),
];
