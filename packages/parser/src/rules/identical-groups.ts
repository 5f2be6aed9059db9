import type { Group } from "../ast.ts";
import { chainText } from "../chain-text.ts";
import { defaultLimits } from "../limits.ts";
import type { Edit, TreeRule } from "../rule.ts";
import type { Span } from "../span.ts";

export const identicalGroups: TreeRule<"identical-groups"> = {
  code: "identical-groups",
  severity: "warning",
  summary: "Two groups have the same queues in the same order.",
  why: `When a worker joins, it tells the server its capacity as a map whose keys are the chains, such as \`{"fast_lane": 1, "manual>*": 4}\`. Two groups with one chain have one key: OpenFn's worker reports the last of them alone, this one their sum. In logs and metrics they cannot be told apart either. One group with the sum does the same work.`,
  bad: { language: "workloops", text: "fast_lane:1 manual>*:2 manual>*:2" },
  good: { language: "workloops", text: "fast_lane:1 manual>*:4" },
  data: { chain: "the chain", capacities: "the capacity of each such group, in runs, in order" },
  fixes: [
    {
      title: "Merge the groups into one",
      meaning: "keeps",
      edits: (text, { span, data, related = [] }) => {
        const spans = [span, ...related.map((place) => place.span)];
        return mergeEdits(text, spans, data.capacities);
      },
    },
  ],
  find: ({ groups }) => {
    if (groups.length < 2) return [];
    const sound = groups.filter(({ broken }) => !broken);
    // Nearly always all chains differ, and a set says so for less than a map of lists.
    const chains = new Set(sound.map(({ chain }) => chainText(chain)));
    if (chains.size === sound.length) return [];
    const byChain = new Map<string, Group[]>([...chains].map((chain) => [chain, []]));
    for (const group of sound) byChain.get(chainText(group.chain))?.push(group);
    return [...byChain].flatMap(([chain, same]) => findingOf(chain, same));
  },
};

function findingOf(chain: string, [first, second, ...others]: readonly Group[]) {
  if (first === undefined || second === undefined) return [];
  const same = [first, second, ...others];
  return [
    {
      span: second.span,
      data: { chain, capacities: same.map(({ capacity }) => capacity?.value ?? 0) },
      related: [first, ...others].map(({ span }) => ({ span, message: "the same queues here" })),
    },
  ];
}

/** The first group takes the sum; each other one goes with the white space before it. */
function mergeEdits(
  text: string,
  spans: readonly Span[],
  capacities: readonly number[],
): readonly Edit[] {
  const [first, ...others] = [...spans].sort((a, b) => a.start - b.start);
  const sum = capacities.reduce((total, capacity) => total + capacity, 0);
  if (first === undefined || sum > defaultLimits.capacityRuns) return [];
  const colon = text.lastIndexOf(":", first.end - 1);
  const removed = others.map(({ start, end }) => {
    const before = text.slice(0, start).trimEnd().length;
    return { span: { start: before, end }, text: "" };
  });
  return [{ span: { start: colon + 1, end: first.end }, text: String(sum) }, ...removed];
}
