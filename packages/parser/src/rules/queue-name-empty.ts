import type { GroupRule } from "../rule.ts";
import { firstBadName, groupText } from "./group-text.ts";

export const queueNameEmpty: GroupRule<"queue-name-empty"> = {
  code: "queue-name-empty",
  severity: "error",
  summary: "A queue has no name.",
  why: `Each \`>\` stands between two queues, and before the colon stands at least one. An empty name is most often a queue that was deleted without its \`>\`, or a variable that was not set.`,
  bad: { language: "workloops", text: "fast_lane>>*:2" },
  good: { language: "workloops", text: "fast_lane>*:2" },
  data: { place: "`first`, `middle` or `last` in its chain, or `only`" },
  fixes: [],
  find: (text, group, limits) => {
    const { names } = groupText(text, group);
    const index = firstBadName(names, limits.nameUnits);
    const bad = names[index];
    if (bad === undefined || bad.name !== "") return undefined;
    const place =
      names.length === 1
        ? "only"
        : index === 0
          ? "first"
          : index === names.length - 1
            ? "last"
            : "middle";
    // There is no text to point at, so the marks around the gap are shown.
    const span = {
      start: Math.max(bad.span.start - 1, group.span.start),
      end: Math.min(bad.span.end + 1, group.span.end),
    };
    return { span, data: { place } };
  },
};
