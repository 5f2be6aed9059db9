import type { RuleOf } from "../rule.ts";

export const empty: RuleOf<"empty"> = {
  code: "empty",
  severity: "error",
  summary: "The value holds no group.",
  why: `A worker runs one claim loop for each group, so a value without a group would claim nothing. The worker refuses it. An empty variable is not the same as an absent one: only where the option is absent does the worker serve \`manual>*\` with its capacity.

In a compose file the usual cause is \`\${NAME}\` of a variable that is not set.`,
  bad: { language: "workloops", text: "" },
  good: { language: "workloops", text: "manual>*:5" },
  data: {},
  fixes: [
    {
      title: "Write what a worker serves without a configuration",
      meaning: "changes",
      edits: (text) => [{ span: { start: 0, end: text.length }, text: "manual>*:5" }],
    },
  ],
};
