import type { RuleText } from "@workloops/parser";

export const suppressionReasonMissing: RuleText = {
  code: "suppression-reason-missing",
  severity: "warning",
  summary: "A comment silences a finding without saying why.",
  why: `Whoever reads the file next cannot tell an exception that was thought about from one that was in the way. A comment without a reason silences nothing: \`# workloops-ignore CODE: reason\`.`,
  bad: {
    language: "dotenv",
    text: "# workloops-ignore queue-unknown\nWORKER_WORKLOOPS=batch:1 manual>*:4",
  },
  good: {
    language: "dotenv",
    text: "# workloops-ignore queue-unknown: our fork of Lightning has a batch queue\nWORKER_WORKLOOPS=batch:1 manual>*:4",
  },
  data: { codes: "the codes that it names" },
  fixes: [],
};
