import type { Chain } from "../ast.ts";
import type { Finding } from "../diagnostic.ts";
import type { TreeRule } from "../rule.ts";

export const duplicateQueue: TreeRule<"duplicate-queue"> = {
  code: "duplicate-queue",
  severity: "warning",
  summary: "A chain names a queue twice.",
  why: `For the server the first place counts and the second does nothing. Most often another name was meant.`,
  bad: { language: "workloops", text: "manual>fast_lane>manual>*:4" },
  good: { language: "workloops", text: "manual>fast_lane>*:4" },
  data: { queue: "the name" },
  fixes: [
    {
      title: "Remove the second mention",
      meaning: "keeps",
      // The chain names the queue before, so a `>` stands in front of this mention.
      edits: (_, { span }) => [{ span: { start: span.start - 1, end: span.end }, text: "" }],
    },
  ],
  find: (tree) => {
    let findings: Finding<"duplicate-queue">[] | undefined;
    for (const { chain, broken } of tree.groups) {
      if (broken || chain.queues.length < 2 || !repeats(chain)) continue;
      findings ??= [];
      findings.push(...duplicates(chain));
    }
    return findings ?? [];
  },
};

/** Short chains are the rule, and comparing each pair of names there costs less than a set. */
function repeats({ queues }: Chain): boolean {
  if (queues.length > 8) return true;
  for (let i = 1; i < queues.length; i += 1) {
    const queue = queues[i];
    for (let j = 0; j < i; j += 1) {
      const earlier = queues[j];
      if (queue?.kind === "queue" && earlier?.kind === "queue" && queue.name === earlier.name) {
        return true;
      }
    }
  }
  return false;
}

function duplicates({ queues }: Chain): Finding<"duplicate-queue">[] {
  const first = new Map<string, (typeof queues)[number]>();
  const findings: Finding<"duplicate-queue">[] = [];
  for (const queue of queues) {
    if (queue.kind === "wildcard") continue;
    const earlier = first.get(queue.name);
    if (earlier === undefined) first.set(queue.name, queue);
    else {
      const related = [{ span: earlier.span, message: "first named here" }];
      findings.push({ span: queue.span, data: { queue: queue.name }, related });
    }
  }
  return findings;
}
