import { chainText, isStrict, queueText } from "../chain-text.ts";
import type { Finding } from "../diagnostic.ts";
import type { TreeRule } from "../rule.ts";

export const strictChainOrder: TreeRule<"strict-chain-order"> = {
  code: "strict-chain-order",
  severity: "hint",
  summary: "A chain without `*` is a filter: the server does not serve its queues in order.",
  why: `With \`*\` the server sorts runs by the place of their queue in the chain. Without it, the server versions that were seen only leave out the other queues and take the oldest run of those named: \`fast_lane>manual:2\` does not put the fast lane first. Groups of their own do: \`fast_lane:1 manual:1\`.`,
  bad: { language: "workloops", text: "fast_lane>manual:2" },
  good: { language: "workloops", text: "fast_lane:1 fast_lane>manual>*:1" },
  data: { chain: "the chain as written", queues: "its queues" },
  fixes: [],
  find: ({ groups }) => {
    let findings: Finding<"strict-chain-order">[] | undefined;
    for (const { chain, broken } of groups) {
      if (broken || chain.queues.length < 2 || !isStrict(chain)) continue;
      findings ??= [];
      const data = { chain: chainText(chain), queues: chain.queues.map(queueText) };
      findings.push({ span: chain.span, data });
    }
    return findings ?? [];
  },
};
