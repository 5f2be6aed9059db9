import type { GroupRule } from "../rule.ts";
import { groupText, isWord } from "./group-text.ts";

export const legacyComma: GroupRule<"legacy-comma"> = {
  code: "legacy-comma",
  severity: "error",
  summary: "Queues are separated by `,`, as in the draft syntax.",
  why: `While the option was being designed its queues were separated by commas, and issues and examples of that time still show \`manual,*:4\`. No released worker reads it: the separator is \`>\`, which says that the order is a preference.`,
  bad: { language: "workloops", text: "fast_lane:1 manual,*:4" },
  good: { language: "workloops", text: "fast_lane:1 manual>*:4" },
  data: { chain: "the chain as written", replacement: "the chain with `>`" },
  fixes: [
    {
      title: "Separate the queues with `>`",
      meaning: "keeps",
      edits: (_, { data, span }) => [{ span, text: data.replacement }],
    },
  ],
  find: (text, group, limits) => {
    const { names, count } = groupText(text, group);
    if (count === undefined) return undefined;
    const span = { start: group.span.start, end: count.colon };
    const chain = text.slice(span.start, span.end);
    if (!chain.includes(",")) return undefined;
    const parts = names.flatMap(({ name }) => name.split(","));
    const draft = parts.every((p) => p === "*" || (isWord(p) && p.length <= limits.nameUnits));
    return draft ? { span, data: { chain, replacement: parts.join(">") } } : undefined;
  },
};
