import type { ProcessRule } from "../rule.ts";

export const capacityExclusivity: ProcessRule<"capacity-exclusivity"> = {
  code: "capacity-exclusivity",
  severity: "error",
  summary: "A process is given both workloops and a capacity.",
  why: `A configuration holds the capacity of each group, so a capacity beside it would say a second thing about the same slots. The worker refuses to start, also where one of the two is an empty string: in a container an empty variable is there. The usual cause is \`WORKER_CAPACITY: \${WORKER_CAPACITY:-5}\` in a base file that other services extend.`,
  bad: {
    language: "dotenv",
    text: "WORKER_WORKLOOPS=fast_lane:1 manual>*:4\nWORKER_CAPACITY=5",
    given: {
      workloops: { state: "known", value: "fast_lane:1 manual>*:4" },
      capacity: { state: "known", value: 5 },
    },
  },
  good: {
    language: "dotenv",
    text: "WORKER_WORKLOOPS=fast_lane:1 manual>*:4",
    given: { workloops: { state: "known", value: "fast_lane:1 manual>*:4" } },
  },
  data: {},
  fixes: [{ title: "Remove the capacity", meaning: "changes" }],
  find: ({ workloops, capacity }) =>
    workloops.state === "absent" || capacity.state === "absent"
      ? undefined
      : { subjects: ["capacity", "workloops"], data: {} },
};
