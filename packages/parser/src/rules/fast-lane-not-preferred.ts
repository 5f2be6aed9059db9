import type { TreeRule } from "../rule.ts";

const fastLane = "fast_lane";

export const fastLaneNotPreferred: TreeRule<"fast-lane-not-preferred"> = {
  code: "fast-lane-not-preferred",
  severity: "hint",
  summary: "No group names `fast_lane`, so its runs wait with all others.",
  why: `Runs of webhooks whose caller waits for the answer are put into \`fast_lane\`, and the caller gets an error after 30 seconds. \`*\` serves them, but by age, behind whatever is older: \`manual>*:5\`, which is also what a worker without a configuration serves, gives the fast lane no preference over \`default\`. Name it in a group of its own, which keeps slots free for it, or before the \`*\`.`,
  bad: { language: "workloops", text: "manual>*:5" },
  good: { language: "workloops", text: "fast_lane:1 fast_lane>manual>*:4" },
  data: { queue: "`fast_lane`" },
  fixes: [
    {
      title: "Prefer `fast_lane` in the first group with `*`",
      meaning: "changes",
      edits: (_, { span }) => [
        { span: { start: span.start, end: span.start }, text: `${fastLane}>` },
      ],
    },
  ],
  find: ({ groups }) => {
    let first: (typeof groups)[number] | undefined;
    for (const group of groups) {
      if (group.broken) return [];
      for (const queue of group.chain.queues) {
        if (queue.kind === "wildcard") first ??= group;
        else if (queue.name === fastLane) return [];
      }
    }
    return first === undefined ? [] : [{ span: first.chain.span, data: { queue: fastLane } }];
  },
};
