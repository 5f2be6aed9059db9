import type { TrapRule } from "./host-rule.ts";

export const envFileQuotes: TrapRule = {
  code: "env-file-quotes",
  severity: "error",
  summary: "An env file's reader keeps, drops or misses a quote.",
  why: `Two readers share the name \`.env\`. Compose removes the quotes around a value; \`docker run --env-file\` hands them on, and the worker then refuses the name \`"fast_lane\`. In both a quote ends where it is closed, and for compose a \` #\` behind an unquoted value begins a comment.`,
  bad: { language: "dotenv", text: 'WORKER_WORKLOOPS="fast_lane:1" manual>*:4' },
  good: { language: "dotenv", text: 'WORKER_WORKLOOPS="fast_lane:1 manual>*:4"' },
  data: { reads: "what the reader makes of the text" },
  fixes: [{ title: "Put the quotes where this reader wants them", meaning: "keeps" }],
  advice: "write the whole value as this reader takes it",
};
