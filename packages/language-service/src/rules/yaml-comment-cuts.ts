import type { TrapRule } from "./host-rule.ts";

export const yamlCommentCuts: TrapRule = {
  code: "yaml-comment-cuts",
  severity: "error",
  summary: "A comment sign cuts the value short.",
  why: `In YAML a \`#\` behind white space begins a comment, also in the middle of what was meant as one value. The process receives only what stands before it: \`fast_lane:1 #manual>*:4\` is \`fast_lane:1\`, and the general runs are never claimed.`,
  bad: {
    language: "yaml",
    text: `services:
  worker:
    image: openfn/ws-worker:v1.25.0
    stop_grace_period: 310s
    environment:
      WORKER_WORKLOOPS: fast_lane:1 #manual>*:4`,
  },
  good: {
    language: "yaml",
    text: `services:
  worker:
    image: openfn/ws-worker:v1.25.0
    stop_grace_period: 310s
    environment:
      WORKER_WORKLOOPS: fast_lane:1 manual>*:4`,
  },
  data: { reads: "what the reader makes of the text" },
  fixes: [{ title: "Quote the value", meaning: "changes" }],
  advice: "take the sign out, or put the comment on a line of its own",
};
