import type { Group } from "../ast.ts";
import type { Finding } from "../diagnostic.ts";
import type { Limits } from "../limits.ts";
import type { GroupRule } from "../rule.ts";
import { groupText } from "./group-text.ts";

export const tooLarge: GroupRule<"too-large"> = {
  code: "too-large",
  severity: "error",
  summary:
    "The value is beyond a limit of size: 64 KiB of text, 1,000 groups, 100 queues in a chain.",
  why: `Each group is a claim loop of its own against the server, and each chain is sent with every claim. A value of this size is a mistake, most often a file that was passed where its name was meant, and a worker that took it would flood its server.`,
  bad: {
    language: "workloops",
    text: `${Array.from({ length: 101 }, (_, i) => `q${i}`).join(">")}:1`,
  },
  good: { language: "workloops", text: "q0>q1>*:1" },
  data: {
    what: "`text`, `groups` or `queues`",
    count: "how many there are; a text is counted in UTF-16 units",
    limit: "how many there may be",
  },
  fixes: [],
  find: (text, group, limits) => {
    const { names } = groupText(text, group);
    const first = names[limits.queuesInChain];
    const last = names[names.length - 1];
    if (first === undefined || last === undefined) return undefined;
    const data = { what: "queues", count: names.length, limit: limits.queuesInChain } as const;
    return { span: { start: first.span.start, end: last.span.end }, data };
  },
};

export function textTooLarge(text: string, limits: Limits): Finding<"too-large"> | undefined {
  if (text.length <= limits.textUnits) return undefined;
  const data = { what: "text", count: text.length, limit: limits.textUnits } as const;
  return { span: { start: limits.textUnits, end: text.length }, data };
}

export function groupsTooMany(
  groups: readonly Group[],
  limits: Limits,
): Finding<"too-large"> | undefined {
  const first = groups[limits.groups];
  const last = groups[groups.length - 1];
  if (first === undefined || last === undefined) return undefined;
  const data = { what: "groups", count: groups.length, limit: limits.groups } as const;
  return { span: { start: first.span.start, end: last.span.end }, data };
}
