import type { GroupRule } from "../rule.ts";
import { firstBadName, groupText } from "./group-text.ts";

export const queueNameInvalid: GroupRule<"queue-name-invalid"> = {
  code: "queue-name-invalid",
  severity: "error",
  summary: "A queue's name holds something else than letters, digits and `_`, or is too long.",
  why: `Names are ASCII letters, digits and underscores, at most 64 of them, and are compared exactly: \`Manual\` is another queue than \`manual\`. The wildcard is a \`*\` alone, no pattern: there is no \`fast*\`. Quotes that arrive here are quotes which the program that read the file did not remove.`,
  bad: { language: "workloops", text: "fast-lane:1" },
  good: { language: "workloops", text: "fast_lane:1" },
  data: {
    name: "the name as written",
    found: "the part that no name may hold; absent where the name is too long",
    limit: "the longest name, in UTF-16 units",
  },
  fixes: [],
  find: (text, group, limits) => {
    const { names } = groupText(text, group);
    const bad = names[firstBadName(names, limits.nameUnits)];
    if (bad === undefined || bad.name === "") return undefined;
    const { name, span } = bad;
    const limit = limits.nameUnits;
    // In `a:1;b:2` the `;` is to blame, and the colon before it is only in the wrong company.
    const match = /[^A-Za-z0-9_:*]+/.exec(name) ?? /[:*]+/.exec(name);
    if (match === null) return { span, data: { name, found: undefined, limit } };
    const start = span.start + match.index;
    const found = match[0];
    return { span: { start, end: start + found.length }, data: { name, found, limit } };
  },
};
