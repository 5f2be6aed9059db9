import { type Given, processDefaults } from "../process.ts";
import type { ProcessRule } from "../rule.ts";

export const stopGraceShort: ProcessRule<"stop-grace-short"> = {
  code: "stop-grace-short",
  severity: "warning",
  summary: "The process is killed before the runs that it holds can end.",
  why: `Asked to stop, a worker claims no more and finishes what it holds. That takes as long as its drain timeout, or else as a run may last (300 seconds where nothing is set) and 10 seconds more. Docker kills a container after 10 seconds and Kubernetes after 30 unless they are told otherwise, and every run that is still going then is lost.`,
  bad: {
    language: "yaml",
    text: "stop_grace_period: 30s\nenvironment:\n  WORKER_MAX_RUN_DURATION_SECONDS: 300",
    given: {
      stopGrace: { state: "known", value: 30 },
      runDuration: { state: "known", value: 300 },
    },
  },
  good: {
    language: "yaml",
    text: "stop_grace_period: 310s\nenvironment:\n  WORKER_MAX_RUN_DURATION_SECONDS: 300",
    given: {
      stopGrace: { state: "known", value: 310 },
      runDuration: { state: "known", value: 300 },
    },
  },
  data: {
    stopGrace: "seconds until the process is killed",
    needed: "seconds that it needs",
    because: "`drain-timeout` or `run-duration`",
  },
  fixes: [{ title: "Raise the grace period", meaning: "keeps" }],
  find: ({ stopGrace, runDuration, drainTimeout = { state: "absent" } }) => {
    if (stopGrace.state !== "known" || drainTimeout.state === "unknown") return undefined;
    const drains = drainTimeout.state === "known";
    const needed = drains ? drainTimeout.value : secondsOfRun(runDuration);
    if (needed === undefined || stopGrace.value >= needed) return undefined;
    return {
      subjects: drains ? ["stopGrace", "drainTimeout"] : ["stopGrace", "runDuration"],
      data: {
        stopGrace: stopGrace.value,
        needed,
        because: drains ? "drain-timeout" : "run-duration",
      },
    };
  },
};

function secondsOfRun(given: Given<number>): number | undefined {
  if (given.state === "unknown") return undefined;
  const duration = given.state === "known" ? given.value : processDefaults.runDuration;
  return duration + processDefaults.drainMargin;
}
