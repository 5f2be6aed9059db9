import type { TrapRule } from "./host-rule.ts";

export const systemdUnquoted: TrapRule = {
  code: "systemd-unquoted",
  severity: "error",
  summary: "systemd splits the value at its white space.",
  why: `In a unit file \`Environment=\` takes several assignments, separated by white space. Without quotes around the whole assignment the variable holds only the first group, and the rest is dropped with a line in the journal.`,
  bad: {
    language: "systemd",
    text: `[Service]
Environment=WORKER_WORKLOOPS=fast_lane:1 manual>*:4
ExecStart=/usr/bin/workloops worker
TimeoutStopSec=310`,
  },
  good: {
    language: "systemd",
    text: `[Service]
Environment="WORKER_WORKLOOPS=fast_lane:1 manual>*:4"
ExecStart=/usr/bin/workloops worker
TimeoutStopSec=310`,
  },
  data: { reads: "what the reader makes of the text" },
  fixes: [{ title: "Quote the whole assignment", meaning: "keeps" }],
  advice: "write the whole assignment between quotes",
};
