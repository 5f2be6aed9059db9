import { isStrict } from "../chain-text.ts";
import type { Finding } from "../diagnostic.ts";
import { nearest } from "../nearest.ts";
import type { TreeRule } from "../rule.ts";
import { knownQueues, serverQueues } from "../settings.ts";

export const queueUnknown: TreeRule<"queue-unknown"> = {
  code: "queue-unknown",
  severity: "warning",
  summary: "A queue is none of the server's and none that the settings declare.",
  why: `The server puts runs into three queues: \`fast_lane\` (webhooks that wait for the answer), \`manual\` (started by a person, and retries) and \`default\` (the rest). A claim for any other name is answered with no runs and no error, so a misspelt name in a group without \`*\` keeps its slots idle for ever, and nobody reports it. Names are compared exactly, capitals too.

A server with queues of its own: declare them in the settings.`,
  bad: { language: "workloops", text: "fastlane:1 manual>*:4" },
  good: { language: "workloops", text: "fast_lane:1 manual>*:4" },
  data: {
    queue: "the name as written",
    known: "the names that are known",
    suggestion: "the known name that was probably meant; absent where none is near",
    strict: "whether the group has no wildcard, so that its slots stay idle",
  },
  fixes: [
    {
      title: "Write the known name that is nearest",
      meaning: "changes",
      edits: (_, { data, span }) =>
        data.suggestion === undefined ? [] : [{ span, text: data.suggestion }],
    },
  ],
  find: (tree, settings) => {
    let findings: Finding<"queue-unknown">[] | undefined;
    const declared = settings.queues;
    for (const { chain, broken } of tree.groups) {
      if (broken) continue;
      for (const queue of chain.queues) {
        if (queue.kind === "wildcard" || serverQueues.includes(queue.name)) continue;
        if (declared?.includes(queue.name)) continue;
        const known = knownQueues(settings);
        const data = {
          queue: queue.name,
          known,
          suggestion: nearest(queue.name, known),
          strict: isStrict(chain),
        };
        findings ??= [];
        findings.push({ span: queue.span, data });
      }
    }
    return findings ?? [];
  },
};
