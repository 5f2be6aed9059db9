import type { GroupRule } from "../rule.ts";
import { groupText } from "./group-text.ts";

export const capacityMissing: GroupRule<"capacity-missing"> = {
  code: "capacity-missing",
  severity: "error",
  summary: "A group has no `:` and capacity.",
  why: `A group is a chain and a capacity, as in \`manual>*:4\`: how many runs it may hold at once. There is no default, and the worker refuses the whole value.

White space ends a group. Where it stands inside one, as in \`manual > *:4\`, the part before it is a group without a capacity.`,
  bad: { language: "workloops", text: "fast_lane:1 manual>*" },
  good: { language: "workloops", text: "fast_lane:1 manual>*:4" },
  data: {
    group: "the group as written",
    cut: "whether white space seems to have cut it in two",
  },
  fixes: [],
  find: (text, group) => {
    const { count, text: written } = groupText(text, group);
    if (count !== undefined) return undefined;
    const behind = text.slice(group.span.end).trimStart();
    const cut = /^>|>$/.test(written) || /^[>:]/.test(behind);
    return { span: group.span, data: { group: written, cut } };
  },
};
