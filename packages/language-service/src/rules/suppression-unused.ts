import type { RuleText } from "@workloops/parser";

export const suppressionUnused: RuleText = {
  code: "suppression-unused",
  severity: "warning",
  summary: "A comment silences a finding that is not there.",
  why: `\`# workloops-ignore CODE: reason\` silences the findings of one code on its own line, or on the next line where it stands alone. One that silences nothing is left over, misspelt, or on the wrong line, and would hide the next real finding.`,
  bad: {
    language: "dotenv",
    text: "# workloops-ignore queue-unknown: the batch queue is ours\nWORKER_WORKLOOPS=fast_lane:1 manual>*:4",
  },
  good: { language: "dotenv", text: "WORKER_WORKLOOPS=fast_lane:1 manual>*:4" },
  data: { codes: "the codes that it names and that are not there" },
  fixes: [],
};
