import type { GroupRule } from "../rule.ts";

// A group begins with a name, `*` or `>`, or at its colon: text without any of them is no group at all.
const partOfAGroup = /[A-Za-z0-9_*>:]/;

export const textUnexpected: GroupRule<"text-unexpected"> = {
  code: "text-unexpected",
  severity: "error",
  summary: "Text that is no part of any group.",
  why: `A configuration is groups and white space, nothing else. \`#\`, \`;\`, \`&&\` and lone quotes come from the file around the value: a comment that its reader does not know, or quoting that was not closed. Comments are possible in a \`.workloops\` file, where a \`#\` begins one.`,
  bad: { language: "workloops", text: "fast_lane:1 ; manual>*:4" },
  good: { language: "workloops", text: "fast_lane:1 manual>*:4" },
  data: { text: "the text as written" },
  fixes: [],
  find: (text, { span }) => {
    const found = text.slice(span.start, span.end);
    return partOfAGroup.test(found) ? undefined : { span, data: { text: found } };
  },
};
