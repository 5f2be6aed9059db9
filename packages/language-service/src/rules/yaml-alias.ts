import type { TrapRule } from "./host-rule.ts";

export const yamlAlias: TrapRule = {
  code: "yaml-alias",
  severity: "error",
  summary: `YAML takes a value that begins with \`*\` for an alias.`,
  why: `In YAML \`*name\` stands for the node that \`&name\` marked. A value such as \`*:5\` is therefore an alias called \`:5\`, which does not exist, and the whole file is refused, often with a message that names neither the value nor the variable. A value that has its \`*\` further on, such as \`manual>*:5\`, is an ordinary text.`,
  bad: {
    language: "yaml",
    text: `services:
  worker:
    image: openfn/ws-worker:v1.25.0
    stop_grace_period: 310s
    environment:
      WORKER_WORKLOOPS: *:5`,
  },
  good: {
    language: "yaml",
    text: `services:
  worker:
    image: openfn/ws-worker:v1.25.0
    stop_grace_period: 310s
    environment:
      WORKER_WORKLOOPS: "*:5"`,
  },
  data: { reads: "what the reader makes of the text" },
  fixes: [{ title: "Quote the value", meaning: "keeps" }],
  advice: "write the value between quotes",
};
