import type { GroupRule } from "../rule.ts";
import { groupText } from "./group-text.ts";

export const wildcardNotLast: GroupRule<"wildcard-not-last"> = {
  code: "wildcard-not-last",
  severity: "error",
  summary: "The wildcard `*` stands before the end of its chain.",
  why: `\`*\` is any queue. A queue named behind it would be served after everything else, which nobody means, so the worker refuses it. A chain holds one wildcard at most.`,
  bad: { language: "workloops", text: "*>manual:4" },
  good: { language: "workloops", text: "manual>*:4" },
  data: { behind: "what stands behind the wildcard, as written" },
  fixes: [
    {
      title: "Move the wildcard to the end",
      meaning: "changes",
      edits: (text, { span, data }) => {
        const named = data.behind.split(">").filter((name) => name !== "*" && name !== "");
        const end = span.end + ">".length + data.behind.length;
        const old = { start: span.start, end };
        return text.slice(span.end + 1, end) === data.behind
          ? [{ span: old, text: [...named, "*"].join(">") }]
          : [];
      },
    },
  ],
  find: (text, group) => {
    const names = groupText(text, group).names;
    const index = names.findIndex(({ name }) => name === "*");
    const star = names[index];
    if (star === undefined || index === names.length - 1) return undefined;
    const behind = names.slice(index + 1).map(({ name }) => name);
    return { span: star.span, data: { behind: behind.join(">") } };
  },
};
