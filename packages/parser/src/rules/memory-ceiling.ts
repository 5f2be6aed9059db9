import { type ProcessGiven, processDefaults } from "../process.ts";
import type { ProcessRule } from "../rule.ts";

export const memoryCeiling: ProcessRule<"memory-ceiling"> = {
  code: "memory-ceiling",
  severity: "warning",
  summary: "The runs may take more memory together than the container has.",
  why: `Each slot may hold a run, and each run may take its full memory: slots x run memory (500 MiB where nothing is set) and about 300 MiB for the worker itself. Where the container's limit is lower, its kernel kills a process in the middle of its runs when the slots happen to be full, and those runs are lost.`,
  bad: {
    language: "dotenv",
    text: "WORKER_WORKLOOPS=fast_lane:1 manual>*:4\nWORKER_MAX_RUN_MEMORY_MB=500\n# the container: 2048 MiB",
    given: {
      workloops: { state: "known", value: "fast_lane:1 manual>*:4" },
      runMemory: { state: "known", value: 500 * 1024 * 1024 },
      memoryLimit: { state: "known", value: 2048 * 1024 * 1024 },
    },
  },
  good: {
    language: "dotenv",
    text: "WORKER_WORKLOOPS=fast_lane:1 manual>*:2\nWORKER_MAX_RUN_MEMORY_MB=500\n# the container: 2048 MiB",
    given: {
      workloops: { state: "known", value: "fast_lane:1 manual>*:2" },
      runMemory: { state: "known", value: 500 * 1024 * 1024 },
      memoryLimit: { state: "known", value: 2048 * 1024 * 1024 },
    },
  },
  data: {
    slots: "runs at once",
    runMemory: "bytes that one run may take",
    overhead: "bytes of the worker itself",
    needed: "bytes that are needed with every slot full",
    memoryLimit: "bytes that the container may take",
    overcommit: "how many times the limit may be promised",
    fits: "the highest total capacity that fits, in runs",
  },
  fixes: [],
  find: ({ slots, ...given }, settings) => {
    const runMemory = amount(given.runMemory, processDefaults.runMemory);
    // Programs write no limit as 0.
    const memoryLimit = amount(given.memoryLimit, 0);
    if (slots === undefined || runMemory === undefined || !memoryLimit) return undefined;
    const overhead = settings.overhead ?? processDefaults.overhead;
    const overcommit = settings.overcommit ?? processDefaults.overcommit;
    const needed = slots * runMemory + overhead;
    if (needed <= memoryLimit * overcommit) return undefined;
    const room = Math.floor((memoryLimit * overcommit - overhead) / runMemory);
    const fits = Math.max(0, room);
    return {
      subjects: ["memoryLimit", given.workloops.state === "absent" ? "capacity" : "workloops"],
      data: { slots, runMemory, overhead, needed, memoryLimit, overcommit, fits },
    };
  },
};

function amount(given: ProcessGiven["runMemory"], whenAbsent: number): number | undefined {
  if (given.state === "absent") return whenAbsent;
  return given.state === "known" ? given.value : undefined;
}
