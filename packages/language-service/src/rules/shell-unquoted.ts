import type { TrapRule } from "./host-rule.ts";

export const shellUnquoted: TrapRule = {
  code: "shell-unquoted",
  severity: "error",
  summary: "A shell, or compose's splitting, takes a value apart that is written without quotes.",
  why: `In a shell \`>\` redirects output into a file, white space ends the word and \`*\` is a pattern of file names. Of \`--workloops fast_lane:1 manual>*:4\` the process receives \`fast_lane:1\`, and a file called \`*:4\` appears in the folder where the command ran.

Compose splits a \`command:\` string into words without a shell. There nothing is redirected, but white space still ends the word, and the reading stops at an unquoted \`>\`. Where a command is a list, each item is a word of its own, so that a value stands in one item.`,
  bad: { language: "shell-script", text: "export WORKER_WORKLOOPS=fast_lane:1 manual>*:4" },
  good: { language: "shell-script", text: "export WORKER_WORKLOOPS='fast_lane:1 manual>*:4'" },
  data: { reads: "what the reader makes of the text" },
  fixes: [{ title: "Quote the value", meaning: "keeps" }],
  advice: "write the value between quotes",
};
