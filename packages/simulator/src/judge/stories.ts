import type { RunRecord } from "@workloops/local-lightning/run-ledger";
import type { Bench, Judge } from "./judge.ts";

/** What the engine said of a run. */
interface Story {
  readonly steps: string[];
  reason: string | undefined;
}

const states: Readonly<Record<string, string>> = {
  success: "success",
  fail: "failed",
  crash: "crashed",
  kill: "killed",
  exception: "exception",
};

/**
 * Invariant 6: what the engine said is what the server holds: the steps and the lines in order,
 * and the end with its reason. A run that never executed ends with a reason of the worker's.
 */
export function judgeStories({ ledger, accuse }: Bench): Judge {
  const stories = new Map<string, Story>();
  const cutShort = new Set<string>();

  const judge = (run: RunRecord): void => {
    const end = run.ends.at(-1);
    if (end === undefined || end.workerId === null) return;
    const story = stories.get(run.id);
    const allowed = new Set(
      story === undefined ? ["exception", "crashed"] : [states[story.reason ?? "crash"]],
    );
    if (cutShort.has(run.id)) allowed.add("crashed");
    if (!allowed.has(end.state)) {
      accuse(6, `${run.id} ended as ${end.state}, the engine said ${story?.reason ?? "nothing"}`);
    }
    if (story !== undefined) judgeContent(run, story);
  };

  const judgeContent = (run: RunRecord, story: Story): void => {
    const steps = [...run.steps.values()].map((step) => step.jobId);
    if (story.steps.slice(0, steps.length).join() !== steps.join()) {
      accuse(6, `${run.id} has steps ${steps.join()}, the engine said ${story.steps.join()}`);
    }
    const lines = run.logs.flatMap((log) => {
      const place = / line (\d+)$/.exec(log.message);
      return place === null ? [] : [`${log.stepId} ${place[1]}`];
    });
    // A batch that is sent again repeats its lines; what is new comes in order.
    const last = new Map<string, number>();
    const seen = new Set<string>();
    for (const line of lines) {
      const [step = "", place] = line.split(" ");
      if (seen.has(line)) continue;
      seen.add(line);
      if ((last.get(step) ?? -1) > Number(place)) accuse(6, `${run.id} has lines out of order`);
      last.set(step, Number(place));
    }
    if (run.ends[0]?.state !== "success") return;
    if (steps.length !== story.steps.length) accuse(6, `${run.id} lacks steps`);
    if (run.errorMessage !== null) accuse(6, `${run.id} is a success with an error`);
  };

  return {
    see: {
      execute: ({ run }) => {
        stories.set(run, { steps: [], reason: undefined });
      },
      engine: ({ run, event }) => {
        const story = stories.get(run);
        if (story === undefined) return;
        if (event.type === "step-start" && !event.stepId.startsWith("trigger")) {
          story.steps.push(event.stepId);
        } else if (event.type === "workflow-complete" || event.type === "workflow-error") {
          story.reason = event.error?.reason ?? "success";
        }
      },
      "process-killed": () => {
        for (const id of stories.keys()) cutShort.add(id);
      },
      "process-stopped": ({ left }) => {
        for (const id of left) cutShort.add(id);
      },
    },
    atEnd: () => {
      for (const run of ledger.runs.values()) judge(run);
    },
  };
}
