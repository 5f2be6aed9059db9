import type { TrapRule } from "./host-rule.ts";

export const dockerfileUnquoted: TrapRule = {
  code: "dockerfile-unquoted",
  severity: "error",
  summary: `A Dockerfile's \`ENV\` splits the value at its white space.`,
  why: `\`ENV NAME=value\` takes several assignments, separated by white space, so that a value with a space needs quotes. Without them the build fails, or the variable holds only the first group.`,
  bad: {
    language: "dockerfile",
    text: `FROM openfn/ws-worker:v1.25.0
ENV WORKER_WORKLOOPS=fast_lane:1 manual>*:4`,
  },
  good: {
    language: "dockerfile",
    text: `FROM openfn/ws-worker:v1.25.0
ENV WORKER_WORKLOOPS="fast_lane:1 manual>*:4"`,
  },
  data: { reads: "what the reader makes of the text" },
  fixes: [{ title: "Quote the value", meaning: "keeps" }],
  advice: "write the value between quotes",
};
